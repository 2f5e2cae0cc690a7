CREATE TABLE "automatic_answers" (
	"inbox_id" text NOT NULL,
	"subject" text NOT NULL,
	"answered_at" bigint NOT NULL,
	CONSTRAINT "automatic_answers_pk" PRIMARY KEY("inbox_id","subject")
);
--> statement-breakpoint
CREATE TABLE "listener_cursors" (
	"inbox_id" text NOT NULL,
	"name" text NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "listener_cursors_pk" PRIMARY KEY("inbox_id","name")
);
--> statement-breakpoint
CREATE TABLE "mails" (
	"message_id" text PRIMARY KEY NOT NULL,
	"conversation_id" text NOT NULL,
	"inbox_id" text NOT NULL,
	"internet_id" text,
	"references_chain" jsonb NOT NULL,
	"participants" jsonb NOT NULL,
	"content_hash" text,
	"html" text,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "mail" jsonb;--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "mails_content_uq" ON "mails" USING btree ("content_hash") WHERE "mails"."content_hash" is not null;--> statement-breakpoint
CREATE INDEX "mails_internet_ix" ON "mails" USING btree ("inbox_id","internet_id") WHERE "mails"."internet_id" is not null;--> statement-breakpoint
CREATE INDEX "mails_conversation_ix" ON "mails" USING btree ("conversation_id","message_id");