-- Times are Unix microseconds. data is the stored JSON of a value, v the number of its format.
-- The other columns are only what queries need.
--
-- seq counts the rows of a list that have the same created_at, in the order they came in.
-- Lists are stored in their order (WITHOUT ROWID), so a page of a thread is a few pages of
-- the file and not one for each item.

CREATE TABLE chatkit_schema (
    version INTEGER NOT NULL
) STRICT;

INSERT INTO chatkit_schema (version) VALUES (1);

CREATE TABLE chatkit_threads (
    owner      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    id         TEXT    NOT NULL,
    v          INTEGER NOT NULL,
    data       TEXT    NOT NULL,
    PRIMARY KEY (owner, created_at, seq),
    UNIQUE (owner, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE chatkit_items (
    owner      TEXT    NOT NULL,
    thread_id  TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    id         TEXT    NOT NULL,
    type       TEXT    NOT NULL,
    hidden     INTEGER NOT NULL,
    v          INTEGER NOT NULL,
    data       TEXT    NOT NULL,
    PRIMARY KEY (owner, thread_id, created_at, seq),
    UNIQUE (owner, thread_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE chatkit_attachments (
    owner      TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    thread_id  TEXT,
    created_at INTEGER NOT NULL,
    v          INTEGER NOT NULL,
    data       TEXT    NOT NULL,
    PRIMARY KEY (owner, id)
) STRICT;

CREATE INDEX chatkit_attachments_thread ON chatkit_attachments (owner, thread_id) WHERE thread_id IS NOT NULL;
