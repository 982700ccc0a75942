export type SegmentKind = 'TIER' | 'SPECIALISATION' | 'MARKET_FOCUS';

/** A group of partners that programs may link to. */
export interface Segment {
  id: string;
  version: number;
  code: string;
  kind: SegmentKind;
  label: string;
  description: string;
  createdAt: Date;
  updatedAt: Date;
}

export interface SegmentDecision {
  segment: Segment;
  event: { type: 'SegmentCreated' | 'SegmentUpdated' };
}

export const createSegment = (id: string, given: Pick<Segment, 'code' | 'kind' | 'label' | 'description'>, now: Date): SegmentDecision => ({
  segment: { ...given, id, version: 1, createdAt: now, updatedAt: now },
  event: { type: 'SegmentCreated' },
});

export const updateSegment = (segment: Segment, change: Partial<Pick<Segment, 'label' | 'description'>>, now: Date): SegmentDecision => ({
  segment: { ...segment, ...change, version: segment.version + 1, updatedAt: now },
  event: { type: 'SegmentUpdated' },
});
