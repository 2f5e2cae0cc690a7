CREATE TABLE "search_message_terms" ("id" bigint PRIMARY KEY NOT NULL, "terms" tsvector NOT NULL);
--> statement-breakpoint
CREATE INDEX "search_message_terms_ix" ON "search_message_terms" USING gin ("terms") WITH (gin_pending_list_limit = 512);
--> statement-breakpoint
CREATE TABLE "search_contact_terms" ("id" bigint PRIMARY KEY NOT NULL, "terms" tsvector NOT NULL);
--> statement-breakpoint
CREATE INDEX "search_contact_terms_ix" ON "search_contact_terms" USING gin ("terms") WITH (gin_pending_list_limit = 512);
