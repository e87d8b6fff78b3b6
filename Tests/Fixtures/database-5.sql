-- A database of version 5 as it was released, with a row of every kind. Later versions are tested against it; never changed.
PRAGMA application_id = 1297044289;
PRAGMA user_version = 5;

CREATE TABLE users (
  id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
  handle TEXT NOT NULL UNIQUE CHECK (length(handle) > 0),
  created_at TEXT NOT NULL
) STRICT;
INSERT INTO users(rowid,id,handle,created_at) VALUES(1,'00000000-0000-4000-8000-000000000001','ada','2026-11-23T06:00:00.000Z');
INSERT INTO users(rowid,id,handle,created_at) VALUES(2,'00000000-0000-4000-8000-000000000002','bob','2026-11-23T06:01:00.000Z');
INSERT INTO users(rowid,id,handle,created_at) VALUES(3,'00000000-0000-4000-8000-000000000003','eve','2026-11-23T06:02:00.000Z');
CREATE TABLE legacies (
  id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
  name TEXT NOT NULL CHECK (length(name) > 0),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
INSERT INTO legacies(rowid,id,name,created_at,updated_at) VALUES(1,'00000000-0000-4000-8000-000000000011','Rose','2026-11-23T06:00:00.000Z','2026-11-23T06:00:00.000Z');
INSERT INTO legacies(rowid,id,name,created_at,updated_at) VALUES(2,'00000000-0000-4000-8000-000000000012','بهار O''Neil 🌻','2026-11-23T06:01:00.000Z','2026-11-23T06:03:00.000Z');
CREATE TABLE legacy_members (
  legacy_id TEXT NOT NULL REFERENCES legacies (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('owner', 'member', 'pending')),
  created_at TEXT NOT NULL,
  PRIMARY KEY (legacy_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO legacy_members VALUES('00000000-0000-4000-8000-000000000011','00000000-0000-4000-8000-000000000001','owner','2026-11-23T06:00:00.000Z');
INSERT INTO legacy_members VALUES('00000000-0000-4000-8000-000000000011','00000000-0000-4000-8000-000000000002','member','2026-11-23T06:01:00.000Z');
INSERT INTO legacy_members VALUES('00000000-0000-4000-8000-000000000011','00000000-0000-4000-8000-000000000003','pending','2026-11-23T06:02:00.000Z');
INSERT INTO legacy_members VALUES('00000000-0000-4000-8000-000000000012','00000000-0000-4000-8000-000000000001','owner','2026-11-23T06:01:00.000Z');
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
, superseded_count INTEGER NOT NULL DEFAULT 0 CHECK (superseded_count >= 0), name TEXT CHECK (length(name) BETWEEN 1 AND 1600)) STRICT;
INSERT INTO ai_conversations(rowid,id,user_id,legacy_id,persona_id,title,message_count,last_message_at,activity,created_at,updated_at,superseded_count,name) VALUES(1,'00000000-0000-4000-8000-000000000021','00000000-0000-4000-8000-000000000001','00000000-0000-4000-8000-000000000011','biographer','She sang while she made jam.',6,'2026-11-23T06:09:00.000Z',2,'2026-11-23T06:04:00.000Z','2026-11-23T06:09:00.000Z',1,NULL);
INSERT INTO ai_conversations(rowid,id,user_id,legacy_id,persona_id,title,message_count,last_message_at,activity,created_at,updated_at,superseded_count,name) VALUES(2,'00000000-0000-4000-8000-000000000022','00000000-0000-4000-8000-000000000001','00000000-0000-4000-8000-000000000012','friend',NULL,2,'2026-11-23T06:06:00.000Z',1,'2026-11-23T06:05:00.000Z','2026-11-23T06:06:00.000Z',0,NULL);
INSERT INTO ai_conversations(rowid,id,user_id,legacy_id,persona_id,title,message_count,last_message_at,activity,created_at,updated_at,superseded_count,name) VALUES(3,'00000000-0000-4000-8000-000000000023','00000000-0000-4000-8000-000000000002','00000000-0000-4000-8000-000000000011','friend','Hello.',1,'2026-11-23T06:07:00.000Z',1,'2026-11-23T06:07:00.000Z','2026-11-23T06:07:00.000Z',0,NULL);
INSERT INTO ai_conversations(rowid,id,user_id,legacy_id,persona_id,title,message_count,last_message_at,activity,created_at,updated_at,superseded_count,name) VALUES(4,'1b2e60a6-bb9a-482b-ac67-b5fbbb9095b1','00000000-0000-4000-8000-000000000001','00000000-0000-4000-8000-000000000011','biographer','Which song did she sing?',1,'2026-11-26T17:47:27.086Z',4,'2026-11-26T17:47:27.073Z','2026-11-26T17:47:27.086Z',0,'songs');
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
  created_at TEXT NOT NULL, cache_read_input_tokens INTEGER CHECK (cache_read_input_tokens >= 0), cache_write_input_tokens INTEGER CHECK (cache_write_input_tokens >= 0), idempotency_key TEXT
  CHECK (idempotency_key IS NULL OR length(idempotency_key) BETWEEN 1 AND 255 AND role = 'user'), key_user_id TEXT CHECK ((key_user_id IS NULL) = (idempotency_key IS NULL)),
  CHECK (
    role = 'user' AND status IN ('pending', 'complete', 'failed') AND reply_to IS NULL AND seq % 2 = 1 AND attempt = 1
    OR role = 'assistant' AND status IN ('streaming', 'complete', 'interrupted', 'blocked', 'superseded')
      AND reply_to IS NOT NULL AND seq % 2 = 0
  )
) STRICT;
INSERT INTO ai_messages(rowid,id,conversation_id,seq,attempt,role,content,token_count,status,stop_reason,model_id,input_tokens,error_code,reply_to,created_at,cache_read_input_tokens,cache_write_input_tokens,idempotency_key,key_user_id) VALUES(1,'00000000-0000-4000-8000-000000000031','00000000-0000-4000-8000-000000000021',1,1,'user','She sang while she made jam.',NULL,'complete',NULL,NULL,NULL,NULL,NULL,'2026-11-23T06:04:00.000Z',NULL,NULL,NULL,NULL);
INSERT INTO ai_messages(rowid,id,conversation_id,seq,attempt,role,content,token_count,status,stop_reason,model_id,input_tokens,error_code,reply_to,created_at,cache_read_input_tokens,cache_write_input_tokens,idempotency_key,key_user_id) VALUES(2,'00000000-0000-4000-8000-000000000032','00000000-0000-4000-8000-000000000021',2,1,'assistant','Which song',NULL,'superseded',NULL,'model-1',NULL,'connection','00000000-0000-4000-8000-000000000031','2026-11-23T06:04:00.000Z',NULL,NULL,NULL,NULL);
INSERT INTO ai_messages(rowid,id,conversation_id,seq,attempt,role,content,token_count,status,stop_reason,model_id,input_tokens,error_code,reply_to,created_at,cache_read_input_tokens,cache_write_input_tokens,idempotency_key,key_user_id) VALUES(3,'00000000-0000-4000-8000-000000000033','00000000-0000-4000-8000-000000000021',2,2,'assistant',replace('Which song was it?\n','\n',char(10)),12,'complete','end_turn','model-1',300,NULL,'00000000-0000-4000-8000-000000000031','2026-11-23T06:05:00.000Z',100,20,NULL,NULL);
INSERT INTO ai_messages(rowid,id,conversation_id,seq,attempt,role,content,token_count,status,stop_reason,model_id,input_tokens,error_code,reply_to,created_at,cache_read_input_tokens,cache_write_input_tokens,idempotency_key,key_user_id) VALUES(4,'00000000-0000-4000-8000-000000000034','00000000-0000-4000-8000-000000000021',3,1,'user','I forgot.',NULL,'failed',NULL,NULL,NULL,'throttled',NULL,'2026-11-23T06:06:00.000Z',NULL,NULL,NULL,NULL);
INSERT INTO ai_messages(rowid,id,conversation_id,seq,attempt,role,content,token_count,status,stop_reason,model_id,input_tokens,error_code,reply_to,created_at,cache_read_input_tokens,cache_write_input_tokens,idempotency_key,key_user_id) VALUES(5,'00000000-0000-4000-8000-000000000035','00000000-0000-4000-8000-000000000021',5,1,'user','A lullaby, I think.',NULL,'complete',NULL,NULL,NULL,NULL,NULL,'2026-11-23T06:08:00.000Z',NULL,NULL,NULL,NULL);
INSERT INTO ai_messages(rowid,id,conversation_id,seq,attempt,role,content,token_count,status,stop_reason,model_id,input_tokens,error_code,reply_to,created_at,cache_read_input_tokens,cache_write_input_tokens,idempotency_key,key_user_id) VALUES(6,'00000000-0000-4000-8000-000000000036','00000000-0000-4000-8000-000000000021',6,1,'assistant','A lullaby',NULL,'interrupted',NULL,'model-1',NULL,'connection','00000000-0000-4000-8000-000000000035','2026-11-23T06:08:00.000Z',NULL,NULL,NULL,NULL);
INSERT INTO ai_messages(rowid,id,conversation_id,seq,attempt,role,content,token_count,status,stop_reason,model_id,input_tokens,error_code,reply_to,created_at,cache_read_input_tokens,cache_write_input_tokens,idempotency_key,key_user_id) VALUES(7,'00000000-0000-4000-8000-000000000038','00000000-0000-4000-8000-000000000021',7,1,'user','And the pot was blue.',NULL,'failed',NULL,NULL,NULL,'interrupted',NULL,'2026-11-23T06:09:00.000Z',NULL,NULL,NULL,NULL);
INSERT INTO ai_messages(rowid,id,conversation_id,seq,attempt,role,content,token_count,status,stop_reason,model_id,input_tokens,error_code,reply_to,created_at,cache_read_input_tokens,cache_write_input_tokens,idempotency_key,key_user_id) VALUES(8,'00000000-0000-4000-8000-000000000037','00000000-0000-4000-8000-000000000022',1,1,'user','Odd: é ‮  🌻',NULL,'complete',NULL,NULL,NULL,NULL,NULL,'2026-11-23T06:05:00.000Z',NULL,NULL,NULL,NULL);
INSERT INTO ai_messages(rowid,id,conversation_id,seq,attempt,role,content,token_count,status,stop_reason,model_id,input_tokens,error_code,reply_to,created_at,cache_read_input_tokens,cache_write_input_tokens,idempotency_key,key_user_id) VALUES(9,'00000000-0000-4000-8000-000000000039','00000000-0000-4000-8000-000000000022',2,1,'assistant','a',7,'blocked','guardrail_intervened','model-2',9,'blocked','00000000-0000-4000-8000-000000000037','2026-11-23T06:06:00.000Z',0,0,NULL,NULL);
INSERT INTO ai_messages(rowid,id,conversation_id,seq,attempt,role,content,token_count,status,stop_reason,model_id,input_tokens,error_code,reply_to,created_at,cache_read_input_tokens,cache_write_input_tokens,idempotency_key,key_user_id) VALUES(10,'00000000-0000-4000-8000-00000000003a','00000000-0000-4000-8000-000000000023',1,1,'user','Hello.',NULL,'failed',NULL,NULL,NULL,'no_credentials',NULL,'2026-11-23T06:07:00.000Z',NULL,NULL,NULL,NULL);
INSERT INTO ai_messages(rowid,id,conversation_id,seq,attempt,role,content,token_count,status,stop_reason,model_id,input_tokens,error_code,reply_to,created_at,cache_read_input_tokens,cache_write_input_tokens,idempotency_key,key_user_id) VALUES(300,'855fecc7-54f3-4341-b151-1ea84264e1f8','1b2e60a6-bb9a-482b-ac67-b5fbbb9095b1',1,1,'user','Which song did she sing?',NULL,'failed',NULL,NULL,NULL,'no_credentials',NULL,'2026-11-26T17:47:27.086Z',NULL,NULL,'first','00000000-0000-4000-8000-000000000001');
CREATE TABLE search_words (
  id INTEGER NOT NULL PRIMARY KEY,
  word TEXT NOT NULL UNIQUE,
  stem TEXT NOT NULL,
  messages INTEGER NOT NULL CHECK (messages > 0)
) STRICT;
CREATE TABLE search_blocks (
  start INTEGER NOT NULL PRIMARY KEY CHECK (start > 0),
  span INTEGER NOT NULL CHECK (span > 0),
  messages INTEGER NOT NULL CHECK (messages >= 0),
  words INTEGER NOT NULL CHECK (words >= 0),
  documents BLOB NOT NULL,
  times BLOB NOT NULL
) STRICT;
CREATE TABLE search_postings (
  block INTEGER NOT NULL,
  word INTEGER NOT NULL,
  postings BLOB NOT NULL,
  PRIMARY KEY (block, word)
) STRICT, WITHOUT ROWID;
CREATE INDEX legacy_members_by_user ON legacy_members (user_id);
CREATE INDEX ai_conversations_by_place ON ai_conversations (user_id, legacy_id, persona_id, activity);
CREATE UNIQUE INDEX ai_conversations_by_activity ON ai_conversations (user_id, activity);
CREATE INDEX ai_conversations_by_legacy ON ai_conversations (legacy_id);
CREATE UNIQUE INDEX ai_messages_in_order ON ai_messages (conversation_id, seq, attempt);
CREATE UNIQUE INDEX ai_messages_one_reply ON ai_messages (reply_to) WHERE role = 'assistant' AND status <> 'superseded';
CREATE INDEX ai_messages_by_question ON ai_messages (reply_to);
CREATE INDEX ai_messages_unfinished ON ai_messages (status) WHERE status IN ('pending', 'streaming');
CREATE INDEX ai_messages_unanswered ON ai_messages (conversation_id, seq) WHERE role = 'user' AND status = 'failed';
CREATE INDEX search_words_by_stem ON search_words (stem, id, messages);
CREATE UNIQUE INDEX ai_conversations_by_name ON ai_conversations (user_id, name, legacy_id, persona_id)
  WHERE name IS NOT NULL;
CREATE UNIQUE INDEX ai_messages_by_key ON ai_messages (key_user_id, idempotency_key)
  WHERE idempotency_key IS NOT NULL;
