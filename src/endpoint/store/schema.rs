//! Tables and their forward migrations, numbered by SQLite's `user_version`.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// Each step brings a database from its index to its index + 1. A released step is never changed.
const STEPS: &[&str] = &["
    CREATE TABLE surveys (
        survey       TEXT    NOT NULL,
        version      INTEGER NOT NULL CHECK (version >= 1),
        definition   TEXT    NOT NULL,
        published_at INTEGER NOT NULL,
        withdrawn_at INTEGER,
        PRIMARY KEY (survey, version)
    ) STRICT;

    -- `seq` is the order of arrival; replacing a partial sheet keeps it.
    CREATE TABLE responses (
        seq         INTEGER PRIMARY KEY,
        id          BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
        survey      TEXT    NOT NULL,
        version     INTEGER NOT NULL,
        revision    INTEGER NOT NULL,
        complete    INTEGER NOT NULL,
        page        TEXT,
        locale      TEXT    NOT NULL,
        started_at  TEXT    NOT NULL,
        elapsed_ms  INTEGER NOT NULL,
        received_at INTEGER NOT NULL,
        updated_at  INTEGER NOT NULL,
        channel     TEXT    NOT NULL,
        delivery    TEXT,
        account     TEXT,
        contact     TEXT,
        verified    INTEGER NOT NULL,
        invitation  BLOB,
        fields      TEXT    NOT NULL,
        answers     TEXT    NOT NULL,
        late        INTEGER NOT NULL,
        receipt     TEXT    NOT NULL,
        digest      BLOB    NOT NULL,
        FOREIGN KEY (survey, version) REFERENCES surveys (survey, version)
    ) STRICT;

    CREATE INDEX responses_by_survey ON responses (survey, version);
", "
    -- Which version is shown from which moment on; no version: the survey is withdrawn. Rows are only added.
    -- `surveys.withdrawn_at` stays and is read no more: an endpoint of the former schema may still be running.
    CREATE TABLE publications (
        seq     INTEGER PRIMARY KEY,
        survey  TEXT    NOT NULL,
        version INTEGER,
        at      INTEGER NOT NULL,
        FOREIGN KEY (survey, version) REFERENCES surveys (survey, version)
    ) STRICT;
    CREATE INDEX publications_by_survey ON publications (survey, seq);
    INSERT INTO publications (survey, version, at)
        SELECT survey, version, published_at FROM surveys ORDER BY survey, version;
    INSERT INTO publications (survey, version, at)
        SELECT survey, NULL, withdrawn_at FROM surveys
        WHERE withdrawn_at IS NOT NULL
            AND version = (SELECT max(version) FROM surveys AS newest WHERE newest.survey = surveys.survey);

    -- When a survey can be begun, how many complete sheets it takes, and what is said while it is closed.
    CREATE TABLE schedules (
        survey    TEXT PRIMARY KEY,
        opens_at  INTEGER,
        closes_at INTEGER,
        most      INTEGER CHECK (most >= 1),
        message   TEXT NOT NULL
    ) STRICT;

    ALTER TABLE responses ADD COLUMN test INTEGER NOT NULL DEFAULT FALSE;
    CREATE INDEX responses_counted ON responses (survey) WHERE complete AND NOT test;
", "
    CREATE TABLE staff (
        id       INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 4294967295),
        name     TEXT    NOT NULL UNIQUE,
        role     TEXT    NOT NULL,
        key      BLOB    NOT NULL UNIQUE CHECK (length(key) = 32),
        added_at INTEGER NOT NULL,
        -- While somebody is away the stand-in acts.
        away     INTEGER NOT NULL DEFAULT FALSE,
        ended_at INTEGER
    ) STRICT;

    -- Who acts for an account: one row for each filled place.
    CREATE TABLE teams (
        account  TEXT    NOT NULL,
        place    TEXT    NOT NULL CHECK (place IN ('account', 'solution', 'delivery')),
        holder   INTEGER NOT NULL REFERENCES staff (id),
        stand_in INTEGER REFERENCES staff (id),
        PRIMARY KEY (account, place)
    ) STRICT, WITHOUT ROWID;

    -- The head of each case's chain of events. `wake_at`: when the engine has to look at it again.
    CREATE TABLE cases (
        arrival      INTEGER PRIMARY KEY,
        id           BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
        number       TEXT    NOT NULL UNIQUE,
        secret_epoch INTEGER NOT NULL,
        digest       BLOB    NOT NULL,
        last_seq     INTEGER NOT NULL CHECK (last_seq >= 1),
        head         BLOB    NOT NULL,
        mac          BLOB    NOT NULL,
        wake_at      INTEGER
    ) STRICT;
    CREATE INDEX cases_by_wake ON cases (wake_at) WHERE wake_at IS NOT NULL;

    -- What happened, without a word that could name a person. `request`: what the customer's device calls it, so that a
    -- retry is told from a second message.
    CREATE TABLE case_events (
        id      BLOB    NOT NULL REFERENCES cases (id),
        seq     INTEGER NOT NULL,
        at      INTEGER NOT NULL,
        actor   TEXT    NOT NULL,
        change  TEXT    NOT NULL,
        payload BLOB,
        hash    BLOB    NOT NULL,
        request BLOB,
        PRIMARY KEY (id, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX case_events_by_request ON case_events (id, request) WHERE request IS NOT NULL;

    -- The words beside an event, with the salt of their digest: erased together.
    CREATE TABLE case_words (
        id    BLOB    NOT NULL,
        seq   INTEGER NOT NULL,
        salt  BLOB    NOT NULL,
        words TEXT    NOT NULL,
        PRIMARY KEY (id, seq),
        FOREIGN KEY (id, seq) REFERENCES case_events (id, seq)
    ) STRICT, WITHOUT ROWID;
", "
    -- What is no complaint. One that became a complaint stays here under that intent, and its case has the same id and
    -- number; so has the case that it was before.
    CREATE TABLE feedback (
        arrival     INTEGER PRIMARY KEY,
        id          BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
        number      TEXT    NOT NULL UNIQUE,
        intent      TEXT    NOT NULL CHECK (intent IN ('complaint', 'request', 'suggestion', 'praise')),
        account     TEXT,
        received_at INTEGER NOT NULL,
        digest      BLOB    NOT NULL,
        words       TEXT    NOT NULL,
        -- Whether the customer may be written to, and left an address for it.
        reachable   INTEGER NOT NULL,
        -- Who answers a request, and by when.
        destination TEXT,
        answer_by   INTEGER,
        answered_at INTEGER,
        answer      TEXT,
        version     INTEGER NOT NULL CHECK (version >= 1)
    ) STRICT;
    CREATE INDEX feedback_by_intent ON feedback (intent, arrival);

    -- Who changed what of it, without a word of the customer's.
    CREATE TABLE feedback_changes (
        id      BLOB    NOT NULL REFERENCES feedback (id),
        version INTEGER NOT NULL,
        at      INTEGER NOT NULL,
        actor   TEXT    NOT NULL,
        change  TEXT    NOT NULL,
        PRIMARY KEY (id, version)
    ) STRICT, WITHOUT ROWID;
", "
    -- Photos, written anew. Without a case they wait for the words that name them.
    CREATE TABLE attachments (
        id          BLOB    PRIMARY KEY CHECK (length(id) = 16),
        digest      BLOB    NOT NULL,
        image       BLOB    NOT NULL,
        received_at INTEGER NOT NULL,
        case_id     BLOB    REFERENCES cases (id)
    ) STRICT;
    CREATE INDEX attachments_waiting ON attachments (received_at) WHERE case_id IS NULL;
", "
    -- Portals whose servers say who is there. Their secrets are derived from the root key, by name and generation.
    CREATE TABLE portals (
        name        TEXT    PRIMARY KEY,
        generation  INTEGER NOT NULL CHECK (generation >= 1),
        is_rotating INTEGER NOT NULL DEFAULT FALSE,
        changed_at  INTEGER NOT NULL,
        has_ended   INTEGER NOT NULL DEFAULT FALSE
    ) STRICT;

    ALTER TABLE schedules ADD COLUMN invited_only INTEGER NOT NULL DEFAULT FALSE;

    -- `superseded`: an unfinished sheet whose invitation was taken up again elsewhere. It is kept and counts no more.
    ALTER TABLE responses ADD COLUMN once INTEGER NOT NULL DEFAULT FALSE;
    ALTER TABLE responses ADD COLUMN superseded INTEGER NOT NULL DEFAULT FALSE;
    CREATE UNIQUE INDEX responses_once ON responses (invitation) WHERE once AND NOT superseded AND NOT test;
    CREATE INDEX responses_by_invitation ON responses (invitation) WHERE invitation IS NOT NULL;
", "
    -- What was committed, in the order of the commits, written by the database itself in the same transaction: no path to
    -- the disk can forget it. The follower reads what lies behind its mark and lets go what lies before it; the row at the
    -- mark stays, so that numbers only grow.
    CREATE TABLE journal (
        n     INTEGER PRIMARY KEY,
        at    INTEGER NOT NULL,
        about TEXT    NOT NULL CHECK (about IN ('case', 'response')),
        id    BLOB    NOT NULL,
        seq   INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE follower (mark INTEGER NOT NULL) STRICT;
    INSERT INTO follower (mark) VALUES (0);
    CREATE TRIGGER journal_of_responses AFTER INSERT ON responses BEGIN
        INSERT INTO journal (at, about, id, seq) VALUES (NEW.updated_at, 'response', NEW.id, NEW.revision);
    END;
    CREATE TRIGGER journal_of_revisions AFTER UPDATE OF revision ON responses BEGIN
        INSERT INTO journal (at, about, id, seq) VALUES (NEW.updated_at, 'response', NEW.id, NEW.revision);
    END;
    CREATE TRIGGER journal_of_case_events AFTER INSERT ON case_events BEGIN
        INSERT INTO journal (at, about, id, seq) VALUES (NEW.at, 'case', NEW.id, NEW.seq);
    END;

    -- What goes out: ids only, so that links and addresses are looked up, and refused, when it is sent. `staff`: 0 is the
    -- customer, or the supplier's systems. A claimed row is not due again until its lease is over.
    CREATE TABLE outbox (
        id         INTEGER PRIMARY KEY,
        channel    TEXT    NOT NULL CHECK (channel IN ('mail', 'webhook')),
        kind       TEXT    NOT NULL,
        about      TEXT    NOT NULL CHECK (about IN ('case', 'response')),
        subject    BLOB    NOT NULL,
        seq        INTEGER NOT NULL,
        staff      INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        state      TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead')),
        due_at     INTEGER NOT NULL,
        attempts   INTEGER NOT NULL DEFAULT 0,
        settled_at INTEGER,
        error      TEXT,
        UNIQUE (subject, seq, kind, channel, staff, about)
    ) STRICT;
    CREATE INDEX outbox_due ON outbox (channel, due_at) WHERE state = 'waiting';
    CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';

    -- A customer who gave a low score is called back. One for a sheet; `version` as everywhere.
    CREATE TABLE call_backs (
        response   BLOB    PRIMARY KEY CHECK (length(response) = 16),
        survey     TEXT    NOT NULL,
        question   TEXT    NOT NULL,
        score      REAL    NOT NULL,
        account    TEXT,
        contact    TEXT,
        owner      INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        due_at     INTEGER NOT NULL,
        missed_at  INTEGER,
        ended_at   INTEGER,
        ended_by   INTEGER,
        ending     TEXT CHECK (ending IN ('reached', 'not-reached', 'corrected', 'complaint')),
        note       TEXT,
        case_id    BLOB,
        version    INTEGER NOT NULL DEFAULT 1
    ) STRICT;
    CREATE INDEX call_backs_open ON call_backs (due_at) WHERE ended_at IS NULL;
", "
    -- How people of staff sign in. The key of `staff add` stays, for programs.
    CREATE TABLE passwords (
        staff      INTEGER PRIMARY KEY REFERENCES staff (id),
        mail       TEXT    NOT NULL UNIQUE,
        -- None until the person has used a link.
        hash       TEXT,
        changed_at INTEGER NOT NULL
    ) STRICT;

    -- Links that set a password, once; without a person, the one of the first admin.
    CREATE TABLE password_links (
        digest BLOB    PRIMARY KEY CHECK (length(digest) = 32),
        staff  INTEGER REFERENCES staff (id),
        until  INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE sessions (
        digest   BLOB    PRIMARY KEY CHECK (length(digest) = 32),
        staff    INTEGER NOT NULL REFERENCES staff (id),
        begun_at INTEGER NOT NULL,
        seen_at  INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_by_staff ON sessions (staff);

    -- What people of staff changed or read. Rows are only added; each is chained to the one before.
    CREATE TABLE audit (
        seq    INTEGER PRIMARY KEY,
        at     INTEGER NOT NULL,
        actor  INTEGER,
        action TEXT    NOT NULL,
        object TEXT    NOT NULL,
        hash   BLOB    NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    CREATE TABLE audit_head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        seq INTEGER NOT NULL,
        mac BLOB    NOT NULL
    ) STRICT;
", "
    -- Policies and calendars as they were published. Policy 1 is built in, calendar 0 is the one that the endpoint was
    -- started with. `scope`: the tier or the region; empty for everybody.
    CREATE TABLE rules (
        kind    TEXT    NOT NULL CHECK (kind IN ('policy', 'calendar')),
        version INTEGER NOT NULL CHECK (version >= 1),
        scope   TEXT    NOT NULL,
        at      INTEGER NOT NULL,
        actor   TEXT    NOT NULL,
        note    TEXT    NOT NULL,
        body    TEXT    NOT NULL,
        PRIMARY KEY (kind, version)
    ) STRICT, WITHOUT ROWID;

    -- Which version holds from which moment on. Rows are only added: what a case pinned can be found for ever.
    CREATE TABLE rules_in_force (
        seq     INTEGER PRIMARY KEY,
        kind    TEXT    NOT NULL,
        scope   TEXT    NOT NULL,
        version INTEGER NOT NULL,
        at      INTEGER NOT NULL,
        actor   TEXT    NOT NULL
    ) STRICT;
    CREATE INDEX rules_by_scope ON rules_in_force (kind, scope, seq);

    -- What was agreed with an account.
    CREATE TABLE terms (
        account TEXT    NOT NULL,
        version INTEGER NOT NULL CHECK (version >= 1),
        tier    TEXT    NOT NULL,
        region  TEXT    NOT NULL,
        at      INTEGER NOT NULL,
        actor   TEXT    NOT NULL,
        PRIMARY KEY (account, version)
    ) STRICT, WITHOUT ROWID;

    -- What is asked across cases; derived from their events.
    CREATE TABLE case_facts (
        id          BLOB    PRIMARY KEY REFERENCES cases (id),
        account     TEXT,
        category    TEXT    NOT NULL,
        severity    TEXT    NOT NULL,
        is_assessed INTEGER NOT NULL,
        received_at INTEGER NOT NULL,
        -- Not spam, a duplicate or no complaint at all. What the customer took back counts.
        counts      INTEGER NOT NULL,
        problem     INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX facts_by_account ON case_facts (account, category, received_at);
    CREATE INDEX facts_by_receipt ON case_facts (received_at);
    INSERT INTO case_facts
        SELECT id,
            (SELECT json_extract(change, '$.with.account') FROM case_events AS e WHERE e.id = cases.id AND seq = 1),
            (SELECT json_extract(change, '$.with.issues[0].category') FROM case_events AS e WHERE e.id = cases.id
                 AND json_extract(change, '$.type') IN ('received', 'assessed') ORDER BY seq DESC LIMIT 1),
            coalesce(
                (SELECT json_extract(change, '$.with.severity') FROM case_events AS e WHERE e.id = cases.id
                     AND json_extract(change, '$.type') IN ('assessed', 'regraded') ORDER BY seq DESC LIMIT 1),
                (SELECT iif(json_extract(change, '$.with.safety'), 'critical', 'major') FROM case_events AS e
                     WHERE e.id = cases.id AND seq = 1)),
            EXISTS (SELECT 1 FROM case_events AS e WHERE e.id = cases.id AND json_extract(change, '$.type') = 'assessed'),
            (SELECT min(coalesce(json_extract(change, '$.with.received_at'), at)) FROM case_events AS e
                 WHERE e.id = cases.id),
            NOT EXISTS (SELECT 1 FROM case_events AS e WHERE e.id = cases.id
                            AND json_extract(change, '$.type') IN ('merged', 'reclassified'))
                AND coalesce('marked-spam' <> (SELECT json_extract(change, '$.type') FROM case_events AS e
                    WHERE e.id = cases.id AND json_extract(change, '$.type') IN ('marked-spam', 'spam-undone')
                    ORDER BY seq DESC LIMIT 1), TRUE),
            (SELECT json_extract(change, '$.with.problem') FROM case_events AS e WHERE e.id = cases.id
                 AND json_extract(change, '$.type') = 'problem-linked' ORDER BY seq DESC LIMIT 1)
        FROM cases;

    -- Problems and Top-N lists: the head of each chain of events, the events, and the texts beside them.
    CREATE TABLE logs (
        kind     TEXT    NOT NULL CHECK (kind IN ('problem', 'list')),
        number   INTEGER NOT NULL CHECK (number >= 1),
        last_seq INTEGER NOT NULL CHECK (last_seq >= 1),
        head     BLOB    NOT NULL,
        mac      BLOB    NOT NULL,
        PRIMARY KEY (kind, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE log_events (
        kind    TEXT    NOT NULL,
        number  INTEGER NOT NULL,
        seq     INTEGER NOT NULL,
        at      INTEGER NOT NULL,
        actor   TEXT    NOT NULL,
        change  TEXT    NOT NULL,
        payload BLOB,
        hash    BLOB    NOT NULL,
        PRIMARY KEY (kind, number, seq),
        FOREIGN KEY (kind, number) REFERENCES logs (kind, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE log_words (
        kind   TEXT    NOT NULL,
        number INTEGER NOT NULL,
        seq    INTEGER NOT NULL,
        salt   BLOB    NOT NULL,
        words  TEXT    NOT NULL,
        PRIMARY KEY (kind, number, seq),
        FOREIGN KEY (kind, number, seq) REFERENCES log_events (kind, number, seq)
    ) STRICT, WITHOUT ROWID;
", "
    -- What staff keep beside the cases: visits, findings, campaigns, briefings. Each is what its changes make. `key`: what a
    -- retry is told by.
    CREATE TABLE records (
        id      INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id BETWEEN 1 AND 4294967295),
        kind    TEXT    NOT NULL,
        key     TEXT,
        account TEXT,
        version INTEGER NOT NULL,
        UNIQUE (kind, key)
    ) STRICT;
    CREATE TABLE record_changes (
        id      INTEGER NOT NULL REFERENCES records (id),
        version INTEGER NOT NULL,
        at      INTEGER NOT NULL,
        by      INTEGER NOT NULL,
        change  TEXT    NOT NULL,
        PRIMARY KEY (id, version)
    ) STRICT, WITHOUT ROWID;

    -- Who has read what a customer said, and which themes somebody found in it. `verbatim`: the name in the feed.
    CREATE TABLE verbatim_reads (
        verbatim TEXT    NOT NULL,
        reader   INTEGER NOT NULL,
        at       INTEGER NOT NULL,
        PRIMARY KEY (verbatim, reader)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE verbatim_codings (
        verbatim TEXT    NOT NULL,
        version  INTEGER NOT NULL,
        at       INTEGER NOT NULL,
        by       INTEGER NOT NULL,
        themes   TEXT    NOT NULL,
        PRIMARY KEY (verbatim, version)
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX responses_by_time ON responses (updated_at DESC, id) WHERE NOT test;
    CREATE INDEX responses_by_account ON responses (account) WHERE account IS NOT NULL;
    CREATE INDEX case_events_by_time ON case_events (at) WHERE actor = '\"customer\"' OR seq = 1;
    CREATE INDEX feedback_by_time ON feedback (received_at DESC, id);
    CREATE INDEX case_events_by_account ON case_events (change ->> '$.with.account') WHERE seq = 1;

    -- The first words of every case, to find cases by. Kept by the database itself, so that erased words are gone here, too.
    CREATE VIRTUAL TABLE case_search USING fts5 (words, tokenize = 'trigram');
    INSERT INTO case_search (case_search, rank) VALUES ('secure-delete', 1);
    CREATE TRIGGER case_words_come AFTER INSERT ON case_words WHEN new.seq = 1 BEGIN
        INSERT INTO case_search (rowid, words)
            SELECT arrival, (SELECT word.value ->> '$[1]' FROM json_each(new.words) AS word WHERE word.value ->> '$[0]' = 'text')
            FROM cases WHERE id = new.id;
    END;
    CREATE TRIGGER case_words_go AFTER DELETE ON case_words WHEN old.seq = 1 BEGIN
        DELETE FROM case_search WHERE rowid = (SELECT arrival FROM cases WHERE id = old.id);
    END;
    INSERT INTO case_search (rowid, words)
        SELECT arrival, (SELECT word.value ->> '$[1]' FROM json_each(words) AS word WHERE word.value ->> '$[0]' = 'text')
        FROM cases JOIN case_words ON case_words.id = cases.id AND seq = 1;
", "
    -- Whom deliveries name. References and addresses are the supplier's.
    CREATE TABLE contacts (
        id           INTEGER PRIMARY KEY,
        contact      TEXT    NOT NULL UNIQUE,
        account      TEXT,
        mail         TEXT,
        phone        TEXT,
        language     TEXT,
        opted_out_at INTEGER
    ) STRICT;
    CREATE INDEX contacts_by_mail ON contacts (mail);
    CREATE INDEX contacts_by_phone ON contacts (phone);

    -- Addresses where nothing more goes.
    CREATE TABLE suppressions (
        address TEXT    PRIMARY KEY,
        reason  TEXT    NOT NULL,
        at      INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE deliveries (
        id           INTEGER PRIMARY KEY,
        kind         TEXT    NOT NULL CHECK (kind IN ('delivery', 'relationship')),
        delivery     TEXT    NOT NULL,
        contact      INTEGER NOT NULL REFERENCES contacts (id),
        account      TEXT,
        survey       TEXT    NOT NULL,
        delivered_at INTEGER NOT NULL,
        received_at  INTEGER NOT NULL,
        team         TEXT,
        region       TEXT,
        product      TEXT,
        UNIQUE (delivery, contact)
    ) STRICT;
    CREATE INDEX deliveries_by_contact ON deliveries (contact);

    -- One for each time of asking. `digest` stands for it among the responses; `wake_at`: when the engine looks at it again;
    -- `sent_at`: when a mail server or gateway took it.
    CREATE TABLE invitations (
        id          INTEGER PRIMARY KEY,
        delivery    INTEGER NOT NULL REFERENCES deliveries (id),
        wave        TEXT    NOT NULL CHECK (wave IN ('hand-over', 'in-use', 'later', 'relationship')),
        due_at      INTEGER NOT NULL,
        expires_at  INTEGER NOT NULL,
        digest      BLOB    NOT NULL UNIQUE,
        wake_at     INTEGER,
        asked_at    INTEGER,
        reminded_at INTEGER,
        sent_at     INTEGER,
        bounced_at  INTEGER,
        suppressed  TEXT,
        UNIQUE (delivery, wave)
    ) STRICT;
    CREATE INDEX invitations_by_wake ON invitations (wake_at) WHERE wake_at IS NOT NULL;

    -- What was done about each, and why nothing was. Rows are only added.
    CREATE TABLE invitation_log (
        seq        INTEGER PRIMARY KEY,
        invitation INTEGER NOT NULL REFERENCES invitations (id),
        at         INTEGER NOT NULL,
        what       TEXT    NOT NULL,
        detail     TEXT
    ) STRICT;
    CREATE INDEX invitation_log_by_invitation ON invitation_log (invitation);

    CREATE TABLE places (
        id       INTEGER PRIMARY KEY,
        name     TEXT    NOT NULL UNIQUE,
        survey   TEXT    NOT NULL,
        added_at INTEGER NOT NULL
    ) STRICT;

    -- The supplier's systems that ask, and those that are told. The latter's secrets are derived, by name and generation.
    CREATE TABLE api_keys (
        id       INTEGER PRIMARY KEY,
        name     TEXT    NOT NULL UNIQUE,
        key      BLOB    NOT NULL UNIQUE CHECK (length(key) = 32),
        scopes   TEXT    NOT NULL,
        added_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE receivers (
        id          INTEGER PRIMARY KEY,
        name        TEXT    NOT NULL UNIQUE,
        address     TEXT    NOT NULL,
        channel     TEXT    NOT NULL CHECK (channel IN ('webhook', 'gateway')),
        generation  INTEGER NOT NULL CHECK (generation >= 1),
        is_rotating INTEGER NOT NULL DEFAULT FALSE,
        has_ended   INTEGER NOT NULL DEFAULT FALSE,
        changed_at  INTEGER NOT NULL
    ) STRICT;

    -- Where staff get mail.
    ALTER TABLE staff ADD COLUMN mail TEXT;

    -- The outbox learns of invitations, of telephones, and of one row for each receiver (0: not made into these yet).
    CREATE TABLE outbox_now (
        id         INTEGER PRIMARY KEY,
        channel    TEXT    NOT NULL CHECK (channel IN ('mail', 'webhook', 'gateway')),
        kind       TEXT    NOT NULL,
        about      TEXT    NOT NULL CHECK (about IN ('case', 'response', 'invitation')),
        subject    BLOB    NOT NULL,
        seq        INTEGER NOT NULL,
        staff      INTEGER NOT NULL,
        receiver   INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        state      TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead')),
        due_at     INTEGER NOT NULL,
        attempts   INTEGER NOT NULL DEFAULT 0,
        settled_at INTEGER,
        error      TEXT,
        UNIQUE (subject, seq, kind, channel, staff, about, receiver)
    ) STRICT;
    INSERT INTO outbox_now (id, channel, kind, about, subject, seq, staff, created_at, state, due_at, attempts, settled_at, error)
        SELECT id, channel, kind, about, subject, seq, staff, created_at, state, due_at, attempts, settled_at, error FROM outbox;
    DROP TABLE outbox;
    ALTER TABLE outbox_now RENAME TO outbox;
    CREATE INDEX outbox_due ON outbox (channel, due_at) WHERE state = 'waiting';
    CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';
", "
    -- One row: how many commits there were. The file `mark` beside the database holds it to that.
    CREATE TABLE commits (commits INTEGER NOT NULL) STRICT;
    INSERT INTO commits VALUES (0);

    -- Pages that may use a survey, where it has a list of its own.
    CREATE TABLE origins (
        survey TEXT NOT NULL,
        origin TEXT NOT NULL,
        PRIMARY KEY (survey, origin)
    ) STRICT, WITHOUT ROWID;

    -- Who was erased, by a keyed digest, so that an older copy does not bring them back.
    CREATE TABLE erasures (
        person BLOB    PRIMARY KEY CHECK (length(person) = 32),
        at     INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
", "
    -- Each day closes with the heads of the cases that moved, chained to the day before.
    CREATE TABLE days (
        day    INTEGER PRIMARY KEY,
        digest BLOB    NOT NULL,
        mac    BLOB    NOT NULL
    ) STRICT;
    CREATE TABLE day_heads (
        id       BLOB    NOT NULL,
        last_seq INTEGER NOT NULL,
        head     BLOB    NOT NULL,
        day      INTEGER NOT NULL REFERENCES days (day),
        PRIMARY KEY (id, last_seq)
    ) STRICT, WITHOUT ROWID;

    -- Known incidents; each version as it was published, the last one counts.
    CREATE TABLE incidents (
        id          INTEGER NOT NULL,
        version     INTEGER NOT NULL CHECK (version >= 1),
        stages      TEXT    NOT NULL,
        words       TEXT    NOT NULL,
        since       INTEGER NOT NULL,
        next_update INTEGER NOT NULL,
        expires_at  INTEGER NOT NULL,
        by          INTEGER NOT NULL,
        at          INTEGER NOT NULL,
        PRIMARY KEY (id, version)
    ) STRICT, WITHOUT ROWID;

    -- Which sheet a complaint came from, whichever of the two arrives first.
    CREATE TABLE carried (
        response BLOB PRIMARY KEY,
        case_id  BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX attachments_by_case ON attachments (case_id) WHERE case_id IS NOT NULL;
    -- How many bytes all photos take, so that nobody has to add them up.
    CREATE TABLE attachment_usage (bytes INTEGER NOT NULL) STRICT;
    INSERT INTO attachment_usage (bytes) SELECT coalesce(sum(length(image)), 0) FROM attachments;
    CREATE TRIGGER attachment_comes AFTER INSERT ON attachments BEGIN
        UPDATE attachment_usage SET bytes = bytes + length(NEW.image);
    END;
    CREATE TRIGGER attachment_goes AFTER DELETE ON attachments BEGIN
        UPDATE attachment_usage SET bytes = bytes - length(OLD.image);
    END;
", "
    ALTER TABLE places ADD COLUMN removed_at INTEGER;
", "
    -- Who sent a photo, as a keyed digest, and from which survey's page ('' where none is named): quotas are counted by it. Of
    -- who showed no token it is known only while the photo waits for its words. `response`: the sheet that names it.
    ALTER TABLE attachments ADD COLUMN sender BLOB;
    ALTER TABLE attachments ADD COLUMN by_token INTEGER NOT NULL DEFAULT FALSE;
    ALTER TABLE attachments ADD COLUMN survey TEXT NOT NULL DEFAULT '';
    ALTER TABLE attachments ADD COLUMN response BLOB;
    CREATE INDEX attachments_by_sender ON attachments (sender) WHERE sender IS NOT NULL;
    CREATE INDEX attachments_by_response ON attachments (response) WHERE response IS NOT NULL;
    DROP INDEX attachments_waiting;
    CREATE INDEX attachments_waiting ON attachments (received_at) WHERE case_id IS NULL AND response IS NULL;
    CREATE TABLE attachment_surveys (
        survey TEXT    PRIMARY KEY,
        bytes  INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO attachment_surveys (survey, bytes) SELECT '', bytes FROM attachment_usage;
    CREATE TRIGGER attachment_comes_from_survey AFTER INSERT ON attachments BEGIN
        INSERT INTO attachment_surveys (survey, bytes) VALUES (NEW.survey, length(NEW.image))
            ON CONFLICT (survey) DO UPDATE SET bytes = bytes + excluded.bytes;
    END;
    CREATE TRIGGER attachment_goes_from_survey AFTER DELETE ON attachments BEGIN
        UPDATE attachment_surveys SET bytes = bytes - length(OLD.image) WHERE survey = OLD.survey;
    END;
    -- A sheet's photos go with it.
    CREATE TRIGGER response_goes AFTER DELETE ON responses BEGIN
        DELETE FROM attachments WHERE response = OLD.id;
    END;
", "
    -- What the Scores page counts, derived from the sheets behind the mark; `rules`: by which rules it was counted. A sheet
    -- that goes or changes takes back what it gave, in the transaction in which it does.
    CREATE TABLE score_cells (
        id       INTEGER PRIMARY KEY,
        survey   TEXT    NOT NULL,
        question TEXT    NOT NULL,
        metric   TEXT    NOT NULL,
        low      INTEGER NOT NULL,
        high     INTEGER NOT NULL,
        by       TEXT    NOT NULL,
        name     TEXT    NOT NULL,
        point    INTEGER NOT NULL,
        complete INTEGER NOT NULL,
        n        INTEGER NOT NULL,
        UNIQUE (survey, question, metric, low, high, by, name, point, complete)
    ) STRICT;
    -- `cells`: a JSON array of ids.
    CREATE TABLE scored (
        seq    INTEGER PRIMARY KEY,
        survey TEXT    NOT NULL,
        worded INTEGER NOT NULL,
        cells  TEXT    NOT NULL
    ) STRICT;
    CREATE INDEX scored_worded ON scored (survey, seq) WHERE worded;
    CREATE TABLE score_changes (seq INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE score_mark (mark INTEGER NOT NULL, rules INTEGER NOT NULL) STRICT;
    INSERT INTO score_mark (mark, rules) VALUES (0, 1);
    CREATE TRIGGER scores_go AFTER DELETE ON scored BEGIN
        UPDATE score_cells SET n = n - 1 WHERE id IN (SELECT value FROM json_each(OLD.cells));
        DELETE FROM score_cells WHERE n <= 0 AND id IN (SELECT value FROM json_each(OLD.cells));
    END;
    CREATE TRIGGER scores_of_sheets_go AFTER DELETE ON responses BEGIN
        DELETE FROM scored WHERE seq = OLD.seq;
        DELETE FROM score_changes WHERE seq = OLD.seq;
        -- The next sheet may get the number of the last one that went.
        UPDATE score_mark SET mark = coalesce((SELECT max(seq) FROM responses), 0)
            WHERE mark > coalesce((SELECT max(seq) FROM responses), 0);
    END;
    CREATE TRIGGER scores_of_sheets_change AFTER UPDATE OF revision, superseded ON responses BEGIN
        INSERT OR IGNORE INTO score_changes (seq) VALUES (OLD.seq);
    END;
", "
    -- What looks as if a program had filled it in is kept, and held out of the figures.
    ALTER TABLE responses ADD COLUMN suspect INTEGER NOT NULL DEFAULT FALSE;
"];

/// Brings the database to the newest schema, one transaction a step.
///
/// # Errors
/// A database with a newer schema is left alone.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    migrate_to(connection, known())
}

/// The newest schema.
pub(super) fn known() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// As [`migrate`], no further than to schema `last`.
pub(super) fn migrate_to(connection: &mut Connection, last: u32) -> Result<(), StoreError> {
    let known = known();
    for (step, sql) in (1..=last).zip(STEPS) {
        // Immediate: two processes that start together must not run the same step twice.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found = version(&transaction)?;
        if found > known {
            return Err(StoreError::NewerSchema { found, known });
        }
        if found < step {
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "user_version", step)?;
            transaction.commit()?;
        }
    }
    Ok(())
}

/// Refuses a database that this program does not know; says whether it has been brought up to date.
///
/// # Errors
/// Names both schemas.
pub(super) fn check(connection: &Connection) -> Result<bool, StoreError> {
    let (found, known) = (version(connection)?, known());
    if found > known {
        Err(StoreError::NewerSchema { found, known })
    } else {
        Ok(found == known)
    }
}

pub(super) fn version(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}
