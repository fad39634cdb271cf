-- The Inbox's counts and its filter "Failed" are answered by the server, each by an index of its own.

-- Open conversations that wait to be read.
create index conversations__unread on conversations (workspace_id) where unread_count > 0 and status = 'OPEN';

-- Messages of ours that failed, newest first: few rows, of which the conversations with a failure are found.
create index sends__failed on sends (workspace_id, settled_at desc) where state = 'failed';

-- The newest message that went out in a conversation, however much has come in since (src/inbox/failures.ts).
create index messages__outgoing on messages (workspace_id, conversation_id, sent_at desc, order_key desc)
  where direction = 'OUTBOUND' and type not in ('reaction', 'call', 'system');
