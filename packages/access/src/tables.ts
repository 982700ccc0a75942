/** Keeps `access_ancestry` true for whatever table holds partners: rows for a partner and each organisation above it, and itself. */
export const createAncestry = `
create table access_ancestry (
  ancestor_id uuid not null,
  descendant_id uuid not null,
  depth integer not null,
  constraint access_ancestry_pkey primary key (ancestor_id, descendant_id)
);
create index access_ancestry_descendant on access_ancestry (descendant_id, depth);

-- Plans are kept from when the table was empty: without the setting they would scan it for ever.
create function access_place() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  if tg_op = 'UPDATE' and new.parent_id is not distinct from old.parent_id then
    return null;
  end if;
  if tg_op = 'INSERT' then
    insert into access_ancestry values (new.id, new.id, 0) on conflict do nothing;
    -- Children may have been told of before their parent.
    execute format('insert into access_ancestry select $1, s.descendant_id, s.depth + 1 from %I c join access_ancestry s on s.ancestor_id = c.id where c.parent_id = $1 on conflict do nothing', tg_table_name) using new.id;
  else
    delete from access_ancestry a using access_ancestry s
      where s.ancestor_id = new.id and a.descendant_id = s.descendant_id
        and not exists (select 1 from access_ancestry i where i.ancestor_id = new.id and i.descendant_id = a.ancestor_id);
  end if;
  if new.parent_id is not null then
    insert into access_ancestry
      select u.ancestor_id, s.descendant_id, u.depth + s.depth + 1
      from access_ancestry u cross join access_ancestry s
      where u.descendant_id = new.parent_id and s.ancestor_id = new.id on conflict do nothing;
  end if;
  return null;
end $$;
`;

/** Local copies of partners and memberships, fed by events; every service but the directory has them. */
export const createAccessTables = `
${createAncestry}
create table access_partners (
  id uuid not null,
  name text not null,
  kind text not null,
  state text not null,
  parent_id uuid,
  relationship_manager_id uuid,
  country text not null,
  website text not null,
  version integer not null,
  constraint access_partners_pkey primary key (id)
);
create index access_partners_relationship_manager on access_partners (relationship_manager_id);
create index access_partners_parent on access_partners (parent_id);
create trigger access_partners_place after insert or update on access_partners for each row execute function access_place();

create table access_memberships (
  id uuid not null,
  person_id uuid not null,
  email text not null,
  name text not null,
  partner_id uuid not null,
  role text not null,
  state text not null,
  include_descendants boolean not null,
  created_at timestamptz not null,
  version integer not null,
  constraint access_memberships_pkey primary key (id)
);
create index access_memberships_email on access_memberships (email);
create index access_memberships_person on access_memberships (person_id);
create index access_memberships_partner on access_memberships (partner_id);
`;
