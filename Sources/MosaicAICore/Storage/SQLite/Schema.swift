import SQLite

/// The tables, as numbered migrations. The number of the last one applied is the database's `user_version`.
enum Schema {
  /// Marks a file as ours (`PRAGMA application_id`): "MOSA".
  static let applicationID = 0x4d4f_5341

  /// Migration n takes a database from version n to n + 1. Never changed once released; foreign keys are not enforced
  /// in it, but checked at the end.
  static let migrations: [String] = [
    """
    CREATE TABLE users (
      id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
      handle TEXT NOT NULL UNIQUE CHECK (length(handle) > 0),
      created_at TEXT NOT NULL
    ) STRICT;

    CREATE TABLE legacies (
      id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
      name TEXT NOT NULL CHECK (length(name) > 0),
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;

    CREATE TABLE legacy_members (
      legacy_id TEXT NOT NULL REFERENCES legacies (id) ON DELETE CASCADE,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      role TEXT NOT NULL CHECK (role IN ('owner', 'member', 'pending')),
      created_at TEXT NOT NULL,
      PRIMARY KEY (legacy_id, user_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX legacy_members_by_user ON legacy_members (user_id);

    CREATE TABLE ai_conversations (
      id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      legacy_id TEXT NOT NULL REFERENCES legacies (id) ON DELETE CASCADE,
      persona_id TEXT NOT NULL CHECK (length(persona_id) BETWEEN 1 AND 50),
      title TEXT CHECK (length(title) BETWEEN 1 AND 1600),
      message_count INTEGER NOT NULL DEFAULT 0 CHECK (message_count >= 0),
      last_message_at TEXT,
      -- Counts up with every message of the user's: latest activity first, whatever the clock says.
      activity INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX ai_conversations_by_place ON ai_conversations (user_id, legacy_id, persona_id, activity);
    CREATE UNIQUE INDEX ai_conversations_by_activity ON ai_conversations (user_id, activity);
    CREATE INDEX ai_conversations_by_legacy ON ai_conversations (legacy_id);

    CREATE TABLE ai_messages (
      id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
      conversation_id TEXT NOT NULL REFERENCES ai_conversations (id) ON DELETE CASCADE,
      -- Odd for a question, the next even one for its replies.
      seq INTEGER NOT NULL CHECK (seq > 0),
      -- Counts the replies to one question.
      attempt INTEGER NOT NULL DEFAULT 1 CHECK (attempt > 0),
      role TEXT NOT NULL,
      content TEXT NOT NULL,
      token_count INTEGER CHECK (token_count >= 0),
      status TEXT NOT NULL,
      stop_reason TEXT,
      model_id TEXT,
      input_tokens INTEGER CHECK (input_tokens >= 0),
      error_code TEXT,
      reply_to TEXT REFERENCES ai_messages (id) ON DELETE CASCADE,
      created_at TEXT NOT NULL,
      CHECK (
        role = 'user' AND status IN ('pending', 'complete', 'failed') AND reply_to IS NULL \
    AND seq % 2 = 1 AND attempt = 1
        OR role = 'assistant' AND status IN ('streaming', 'complete', 'interrupted', 'blocked', 'superseded')
          AND reply_to IS NOT NULL AND seq % 2 = 0
      )
    ) STRICT;
    CREATE UNIQUE INDEX ai_messages_in_order ON ai_messages (conversation_id, seq, attempt);
    CREATE UNIQUE INDEX ai_messages_one_reply ON ai_messages (reply_to) \
    WHERE role = 'assistant' AND status <> 'superseded';
    CREATE INDEX ai_messages_by_question ON ai_messages (reply_to);
    CREATE INDEX ai_messages_unfinished ON ai_messages (status) WHERE status IN ('pending', 'streaming');
    """,
    """
    ALTER TABLE ai_messages ADD COLUMN cache_read_input_tokens INTEGER CHECK (cache_read_input_tokens >= 0);
    ALTER TABLE ai_messages ADD COLUMN cache_write_input_tokens INTEGER CHECK (cache_write_input_tokens >= 0);
    -- How many messages there are besides those that message_count counts.
    ALTER TABLE ai_conversations ADD COLUMN superseded_count INTEGER NOT NULL DEFAULT 0 CHECK (superseded_count >= 0);
    UPDATE ai_conversations SET superseded_count = max(0,
      (SELECT count(*) FROM ai_messages m WHERE m.conversation_id = ai_conversations.id) - message_count);
    -- Each `send` asks how many messages of its conversation have no reply.
    CREATE INDEX ai_messages_unanswered ON ai_messages (conversation_id, seq) WHERE role = 'user' AND status = 'failed';
    """,
    search,
    names,
    skippedQuestions,
    symbols,
  ]

  /// The search index; see `SearchIndex.swift`.
  private static let search = """
    -- Search finds messages by their rowid, which SQLite keeps, and which is never given to another message.
    -- Every word of the messages that are indexed, and how many of them have it.
    CREATE TABLE search_words (
      id INTEGER NOT NULL PRIMARY KEY,
      word TEXT NOT NULL UNIQUE,
      stem TEXT NOT NULL,
      messages INTEGER NOT NULL CHECK (messages > 0)
    ) STRICT;
    CREATE INDEX search_words_by_stem ON search_words (stem, id, messages);

    -- The messages from rowid start on, span of them; see SearchDocuments.
    CREATE TABLE search_blocks (
      start INTEGER NOT NULL PRIMARY KEY CHECK (start > 0),
      span INTEGER NOT NULL CHECK (span > 0),
      messages INTEGER NOT NULL CHECK (messages >= 0),
      words INTEGER NOT NULL CHECK (words >= 0),
      documents BLOB NOT NULL,
      times BLOB NOT NULL
    ) STRICT;

    -- Which messages of a block have a word; see Postings.
    CREATE TABLE search_postings (
      block INTEGER NOT NULL,
      word INTEGER NOT NULL,
      postings BLOB NOT NULL,
      PRIMARY KEY (block, word)
    ) STRICT, WITHOUT ROWID;
    """

  /// Names of conversations, and keys of messages.
  private static let names = """
    ALTER TABLE ai_conversations ADD COLUMN name TEXT CHECK (length(name) BETWEEN 1 AND 1600);
    CREATE UNIQUE INDEX ai_conversations_by_name ON ai_conversations (user_id, name, legacy_id, persona_id)
      WHERE name IS NOT NULL;
    ALTER TABLE ai_messages ADD COLUMN idempotency_key TEXT
      CHECK (idempotency_key IS NULL OR length(idempotency_key) BETWEEN 1 AND 255 AND role = 'user');
    -- Whose key it is: the user of the conversation. Keys are unique for each user.
    ALTER TABLE ai_messages ADD COLUMN key_user_id TEXT CHECK ((key_user_id IS NULL) = (idempotency_key IS NULL));
    CREATE UNIQUE INDEX ai_messages_by_key ON ai_messages (key_user_id, idempotency_key)
      WHERE idempotency_key IS NOT NULL;
    """

  /// Which questions of the bank a user does not want to be asked about a legacy.
  private static let skippedQuestions = """
    CREATE TABLE skipped_questions (
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      legacy_id TEXT NOT NULL REFERENCES legacies (id) ON DELETE CASCADE,
      question_id TEXT NOT NULL CHECK (length(question_id) BETWEEN 1 AND 1600),
      created_at TEXT NOT NULL,
      PRIMARY KEY (user_id, legacy_id, question_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX skipped_questions_by_legacy ON skipped_questions (legacy_id);
    """

  /// What is a word has changed, and what documents look like: messages are indexed again. A program of the version
  /// before that is still running must not add to the new index.
  private static let symbols = """
    DROP TABLE search_words;
    DROP TABLE search_blocks;
    DROP TABLE search_postings;
    \(search)
    ALTER TABLE search_blocks RENAME COLUMN documents TO entries;
    """

  /// The version this program writes.
  static var version: Int { migrations.count }
}
