-- Partitions of a lane: NAME_<lane>. A parent's grants and storage parameters do not reach its
-- partitions, and workers address partitions directly, so both are set here.

CREATE FUNCTION teller.create_partition(parent text, lane smallint, storage text, rights text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text := format('%s_%s', parent, lane);
BEGIN
    EXECUTE format('CREATE TABLE teller.%I PARTITION OF teller.%I FOR VALUES IN (%s) WITH (%s)',
                   name, parent, lane, storage);
    EXECUTE format('GRANT %s ON teller.%I TO teller_worker', rights, name);
END
$$;

CREATE FUNCTION teller.create_lane(lane smallint, from_offset bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    -- Truncation takes an exclusive lock that writers would wait for.
    appended CONSTANT text := 'vacuum_truncate = off';
    updated CONSTANT text := 'fillfactor = 50, vacuum_truncate = off';
BEGIN
    PERFORM teller.create_partition('account', lane, updated, 'SELECT, INSERT, UPDATE'),
            teller.create_partition('product', lane, updated, 'SELECT, INSERT, UPDATE'),
            teller.create_partition('system_account', lane, updated, 'SELECT, INSERT, UPDATE'),
            teller.create_partition('hold', lane, appended, 'SELECT, INSERT, UPDATE'),
            teller.create_partition('subscription', lane, updated, 'SELECT, INSERT, UPDATE'),
            teller.create_partition('buyer', lane, updated, 'SELECT, INSERT, UPDATE'),
            teller.create_partition('journal', lane, appended, 'SELECT, INSERT'),
            teller.create_partition('quarantine', lane, appended, 'SELECT, INSERT'),
            teller.create_partition('seal', lane, appended, 'SELECT, INSERT');
    -- No writer plans by a journal's values: a tenth of the usual sample is enough for ANALYZE,
    -- which else costs a few per cent of all throughput while a journal is young.
    EXECUTE (SELECT format('ALTER TABLE teller.%I %s', 'journal_' || lane,
                           string_agg(format('ALTER COLUMN %I SET STATISTICS 10', attname), ', '))
               FROM pg_attribute WHERE attrelid = 'teller.journal'::regclass AND attnum > 0
                    AND NOT attisdropped);
    INSERT INTO teller.lane (lane, next_offset, published_offset)
         VALUES (create_lane.lane, from_offset, from_offset);
END
$$;
COMMENT ON FUNCTION teller.create_lane IS
    'Makes the partitions and the row of one lane, which starts to read at that offset.';
REVOKE ALL ON FUNCTION teller.create_partition, teller.create_lane FROM PUBLIC;

-- Through the parents readers of ours (verify, status) see all lanes.
GRANT SELECT ON teller.account, teller.product, teller.system_account, teller.hold,
    teller.subscription, teller.buyer, teller.journal, teller.quarantine, teller.seal
    TO teller_worker;
