import { CatalogScope, type Product } from '@openprm/contracts/quoting';
import { run, type Tx } from '@openprm/postgres';

const scopes: Partial<Record<CatalogScope, string>> = { [CatalogScope.EXTENDED]: 'extended', [CatalogScope.FULL]: 'full' };

export async function copyProduct(tx: Tx, product: Product): Promise<void> {
  await run(
    tx,
    `insert into ref_products (id, catalog_scope, family, version) values ($1, $2, $3, $4)
     on conflict (id) do update set catalog_scope = excluded.catalog_scope, family = excluded.family, version = excluded.version
     where ref_products.version < excluded.version`,
    [product.id, scopes[product.catalogScope] ?? 'standard', product.family, product.etag],
  );
}
