-- The lane row and the fence.

-- Not partitioned: a few rows, each updated by every batch of its lane, HOT within its page.
CREATE TABLE teller.lane (
    lane smallint PRIMARY KEY CHECK (lane >= 0),
    owner uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    epoch bigint NOT NULL DEFAULT 0,
    next_offset bigint NOT NULL DEFAULT 0 CHECK (next_offset >= 0),
    published_offset bigint NOT NULL DEFAULT 0,
    last_offset bigint NOT NULL DEFAULT -1,
    last_fingerprint bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    lane_time timestamptz NOT NULL DEFAULT to_timestamp(0),
    rules integer NOT NULL DEFAULT 1,
    next_number bigint NOT NULL DEFAULT 1,
    seal_head bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    next_seal bigint NOT NULL DEFAULT 1,
    state smallint NOT NULL DEFAULT 0,
    detail text,
    CONSTRAINT lane_published_behind CHECK (published_offset <= next_offset),
    CONSTRAINT lane_last_behind CHECK (last_offset < next_offset),
    CONSTRAINT lane_digests
        CHECK (octet_length(last_fingerprint) = 32 AND octet_length(seal_head) = 32)
) WITH (fillfactor = 10, vacuum_truncate = off, autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_scale_factor = 0);
COMMENT ON TABLE teller.lane IS
    'One row per partition of the commands topic: owner, position in the log, seal chain.';
COMMENT ON COLUMN teller.lane.owner IS 'Random per start of a worker; all zero: nobody yet.';
COMMENT ON COLUMN teller.lane.epoch IS 'Rises with every take.';
COMMENT ON COLUMN teller.lane.next_offset IS 'First record of the log that is not applied.';
COMMENT ON COLUMN teller.lane.published_offset IS
    'Results and legs of every record below are acknowledged by the broker.';
COMMENT ON COLUMN teller.lane.lane_time IS 'Highest record timestamp so far: the only clock.';
COMMENT ON COLUMN teller.lane.state IS
    '0 running; else why it stopped: 1 gap, 2 identity, 3 newer, 4 timestamp, 5 contended, '
    '6 database.';

GRANT SELECT, UPDATE ON teller.lane TO teller_worker;

-- The fence: the first statement of every transaction of a writer. What is queued behind it cannot
-- commit unless every lane still has this owner, this epoch and this position. Lanes must come in
-- ascending order, so that two writers can only ever wait for each other in one direction.
CREATE FUNCTION teller.advance(
    lanes smallint[], owners uuid[], epochs bigint[], old_offsets bigint[], next_offsets bigint[],
    published_offsets bigint[], last_offsets bigint[], fingerprints bytea[],
    lane_times timestamptz[], rule_numbers integer[], next_numbers bigint[], seal_heads bytea[],
    next_seals bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    lost smallint[] := '{}';
BEGIN
    FOR i IN 1 .. cardinality(lanes) LOOP
        UPDATE teller.lane AS l
           SET next_offset = next_offsets[i],
               published_offset = greatest(l.published_offset, published_offsets[i]),
               last_offset = last_offsets[i],
               last_fingerprint = fingerprints[i],
               lane_time = lane_times[i],
               rules = rule_numbers[i],
               next_number = next_numbers[i],
               seal_head = seal_heads[i],
               next_seal = next_seals[i]
         WHERE l.lane = lanes[i] AND l.owner = owners[i] AND l.epoch = epochs[i]
           AND l.next_offset = old_offsets[i];
        IF NOT FOUND THEN
            lost := lost || lanes[i];
        END IF;
    END LOOP;
    IF lost <> '{}' THEN
        RAISE EXCEPTION 'lanes have another owner, epoch or offset'
            USING ERRCODE = 'TL001', DETAIL = array_to_string(lost, ',');
    END IF;
END
$$;
COMMENT ON FUNCTION teller.advance IS
    'Moves lanes forward, or raises TL001 with the lanes that are not the caller''s any more.';
REVOKE ALL ON FUNCTION teller.advance FROM PUBLIC;
GRANT EXECUTE ON FUNCTION teller.advance TO teller_worker;
