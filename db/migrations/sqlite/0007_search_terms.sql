CREATE VIRTUAL TABLE search_message_terms USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
--> statement-breakpoint
CREATE VIRTUAL TABLE search_contact_terms USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
