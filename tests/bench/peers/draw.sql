-- In front of every script: which account, how much, and the command's id. Ids rise with the time,
-- as UUIDs of version 7 do, so that they cost the index no more than Teller's.
\set n :n + 1
\set id :base + :n * 64 + :client_id
\set account random(1, :accounts)
\set amount (2 * random(0, 1) - 1) * random(1, 1000)
\set amount case when random(1, 100) <= :short then -1000000000000 else :amount end
