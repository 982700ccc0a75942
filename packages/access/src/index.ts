export * from './caller';
export * from './callers';
export * from './policy';
export * from './roles';
export * from './scope';
export * from './tables';
export * from './token';
export * from './subscriptions';
