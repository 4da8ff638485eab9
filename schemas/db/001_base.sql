-- Schema, roles, and what the ledger belongs to.
--
-- Roles are cluster-wide: made only where they are missing, so that several ledgers can live in one
-- cluster. All objects belong to teller_owner, which nobody logs in as.

DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY
        ARRAY['teller_owner NOLOGIN', 'teller_worker LOGIN', 'teller_reader LOGIN']
    LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = split_part(wanted, ' ', 1)) THEN
                EXECUTE 'CREATE ROLE ' || wanted;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another init of this cluster was faster
        END;
    END LOOP;
    IF NOT pg_has_role(CURRENT_USER, 'teller_owner', 'MEMBER') THEN
        EXECUTE format('GRANT teller_owner TO %I', CURRENT_USER);
    END IF;
END
$$;

CREATE SCHEMA teller AUTHORIZATION teller_owner;
SET LOCAL ROLE teller_owner;
GRANT USAGE ON SCHEMA teller TO teller_worker, teller_reader;
COMMENT ON SCHEMA teller IS
    'The ledger of Teller. Read the v1_ views and teller.history(); everything else may change.';

CREATE TABLE teller.migration (
    version integer PRIMARY KEY,
    file text NOT NULL,
    applied timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE teller.migration IS
    'Schema files that were applied. The highest version is the version of the schema.';

CREATE TABLE teller.registration (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    cluster_id text NOT NULL,
    prefix text NOT NULL,
    commands_topic text NOT NULL,
    group_id text NOT NULL,
    partitions integer NOT NULL CHECK (partitions BETWEEN 1 AND 1024),
    created timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE teller.registration IS
    'The one Kafka cluster, topic, group and number of partitions that this ledger belongs to.';

CREATE TABLE teller.secret (
    key_id bigint PRIMARY KEY CHECK (key_id BETWEEN 0 AND 4294967295),
    bytes bytea NOT NULL CHECK (octet_length(bytes) = 32),
    created timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE teller.secret IS
    'HMAC secrets of legs. Only ever added to: old legs stay in the log.';

GRANT SELECT ON teller.migration, teller.registration, teller.secret TO teller_worker;

-- Raised inside a statement, since nobody reads row counts before a commit that is already queued.
CREATE FUNCTION teller.expect_rows(met bigint, wanted bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF met IS DISTINCT FROM wanted THEN
        RAISE EXCEPTION 'an UPDATE met % rows where % are in memory', met, wanted
            USING ERRCODE = 'TL002';
    END IF;
END
$$;
REVOKE ALL ON FUNCTION teller.expect_rows FROM PUBLIC;
GRANT EXECUTE ON FUNCTION teller.expect_rows TO teller_worker;
