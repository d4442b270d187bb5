CREATE TABLE IF NOT EXISTS desk_users (
	name TEXT PRIMARY KEY,
	salt BLOB NOT NULL,
	hash BLOB NOT NULL
) STRICT;

-- A session is kept as the hash of its token: whoever reads the file cannot use it.
CREATE TABLE IF NOT EXISTS desk_sessions (
	token   BLOB PRIMARY KEY,
	user    TEXT NOT NULL,
	expires INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS desk_orders (
	id       TEXT PRIMARY KEY,
	owner    TEXT NOT NULL,
	product  TEXT NOT NULL,
	picture  TEXT NOT NULL,
	cents    INTEGER NOT NULL,
	status   TEXT NOT NULL,
	delivery TEXT NOT NULL,            -- the day, as 2006-01-02
	photo    TEXT NOT NULL DEFAULT '', -- the attachment with which damage was reported
	damage   TEXT NOT NULL DEFAULT ''  -- what is on it, for those who pack
) STRICT;

CREATE INDEX IF NOT EXISTS desk_orders_by_owner ON desk_orders (owner, id);

CREATE TABLE IF NOT EXISTS desk_ratings (
	owner     TEXT NOT NULL,
	thread_id TEXT NOT NULL,
	item_id   TEXT NOT NULL,
	kind      TEXT NOT NULL,
	PRIMARY KEY (owner, thread_id, item_id)
) STRICT;

CREATE TABLE IF NOT EXISTS desk_settings (
	name  TEXT PRIMARY KEY,
	value BLOB NOT NULL
) STRICT;
