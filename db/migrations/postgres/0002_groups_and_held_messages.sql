CREATE TABLE "account_links" (
	"id" text PRIMARY KEY NOT NULL,
	"inbox_id" text NOT NULL,
	"thread_key" text NOT NULL,
	"conversation_id" text,
	"token_hash" text NOT NULL,
	"nonce_hash" text,
	"account_id" text,
	"contact_id" text,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"used_at" bigint
);
--> statement-breakpoint
CREATE TABLE "message_aliases" (
	"inbox_id" text NOT NULL,
	"external_id" text NOT NULL,
	"message_id" text NOT NULL,
	CONSTRAINT "message_aliases_pk" PRIMARY KEY("inbox_id","external_id")
);
--> statement-breakpoint
CREATE TABLE "thread_members" (
	"id" text PRIMARY KEY NOT NULL,
	"inbox_id" text NOT NULL,
	"thread_key" text NOT NULL,
	"external_id" text NOT NULL,
	"display_name" text,
	"avatar_url" text,
	"joined_at" bigint NOT NULL,
	"left_at" bigint,
	"membership_at" bigint NOT NULL,
	"profile_fetched_at" bigint
);
--> statement-breakpoint
ALTER TABLE "files" ADD COLUMN "preview_key" text;--> statement-breakpoint
ALTER TABLE "inboxes" ADD COLUMN "quota" jsonb;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "member_id" text;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "hold" text;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "approved_by" text;--> statement-breakpoint
ALTER TABLE "account_links" ADD CONSTRAINT "account_links_inbox_id_inboxes_id_fk" FOREIGN KEY ("inbox_id") REFERENCES "public"."inboxes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_links" ADD CONSTRAINT "account_links_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_aliases" ADD CONSTRAINT "message_aliases_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "thread_members" ADD CONSTRAINT "thread_members_inbox_id_inboxes_id_fk" FOREIGN KEY ("inbox_id") REFERENCES "public"."inboxes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "account_links_token_uq" ON "account_links" USING btree ("token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "account_links_nonce_uq" ON "account_links" USING btree ("nonce_hash");--> statement-breakpoint
CREATE INDEX "message_aliases_message_ix" ON "message_aliases" USING btree ("message_id");--> statement-breakpoint
CREATE UNIQUE INDEX "thread_members_uq" ON "thread_members" USING btree ("inbox_id","thread_key","external_id");