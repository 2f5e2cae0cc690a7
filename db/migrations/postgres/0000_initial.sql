CREATE TABLE "agent_skills" (
	"agent_id" text NOT NULL,
	"skill_id" text NOT NULL,
	"level" bigint NOT NULL,
	CONSTRAINT "agent_skills_pk" PRIMARY KEY("agent_id","skill_id")
);
--> statement-breakpoint
CREATE TABLE "agent_states" (
	"agent_id" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"since" bigint NOT NULL,
	"lease_until" bigint,
	"absent_since" bigint,
	"idle_since" bigint NOT NULL,
	"missed_offers" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agents" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"role_id" text NOT NULL,
	"password_hash" text,
	"totp_secret" text,
	"totp_enabled_at" bigint,
	"totp_last_step" bigint,
	"locale" text NOT NULL,
	"capacity" jsonb NOT NULL,
	"avatar_color" text,
	"disabled_at" bigint,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"agent_id" text NOT NULL,
	"token_hash" text NOT NULL,
	"hint" text NOT NULL,
	"permissions" jsonb NOT NULL,
	"created_at" bigint NOT NULL,
	"last_used_at" bigint,
	"expires_at" bigint,
	"revoked_at" bigint
);
--> statement-breakpoint
CREATE TABLE "companies" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"id" text PRIMARY KEY NOT NULL,
	"contact_id" text NOT NULL,
	"kind" text NOT NULL,
	"granted" boolean NOT NULL,
	"source" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contact_notes" (
	"id" text PRIMARY KEY NOT NULL,
	"contact_id" text NOT NULL,
	"author_id" text NOT NULL,
	"text" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contact_points" (
	"id" text PRIMARY KEY NOT NULL,
	"contact_id" text NOT NULL,
	"kind" text NOT NULL,
	"address" text NOT NULL,
	"display_name" text,
	"verified" boolean NOT NULL,
	"blocked_at" bigint,
	"reachability_at" bigint,
	"profile_fetched_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contacts" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"company_id" text,
	"locale" text,
	"fields" jsonb NOT NULL,
	"avatar_url" text,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" text PRIMARY KEY NOT NULL,
	"inbox_id" text NOT NULL,
	"channel" text NOT NULL,
	"contact_id" text NOT NULL,
	"contact_point_id" text NOT NULL,
	"thread_key" text NOT NULL,
	"status" text NOT NULL,
	"open" boolean NOT NULL,
	"awaiting" text NOT NULL,
	"queue_id" text NOT NULL,
	"assignee_id" text,
	"offered_to" text,
	"priority" bigint NOT NULL,
	"language" text,
	"required_skills" jsonb NOT NULL,
	"preferred_agent_id" text,
	"preferred_until" bigint,
	"personal" boolean NOT NULL,
	"avoid" jsonb NOT NULL,
	"subject" text,
	"waiting_since" bigint NOT NULL,
	"queued_at" bigint NOT NULL,
	"parked_at" bigint,
	"snoozed_until" bigint,
	"wrap_up_until" bigint,
	"wrap_up_extended_at" bigint,
	"assigned_at" bigint,
	"first_customer_at" bigint,
	"first_response_at" bigint,
	"sla_due_at" bigint,
	"sla_breached_at" bigint,
	"resolved_at" bigint,
	"disposition" text,
	"wrap_up_note" text,
	"tags" jsonb NOT NULL,
	"previous_id" text,
	"reply_token" text,
	"reply_token_expires_at" bigint,
	"message_count" bigint NOT NULL,
	"read_count" bigint NOT NULL,
	"customer_read_count" bigint NOT NULL,
	"last_message_at" bigint NOT NULL,
	"preview" jsonb,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "counters" (
	"scope" text NOT NULL,
	"name" text NOT NULL,
	"value" bigint NOT NULL,
	CONSTRAINT "counters_pk" PRIMARY KEY("scope","name")
);
--> statement-breakpoint
CREATE TABLE "cursors" (
	"name" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"inbox_id" text NOT NULL,
	"external_id" text NOT NULL,
	"status" text NOT NULL,
	"raw" text NOT NULL,
	"encoding" text NOT NULL,
	"body_id" text,
	"error" text,
	"attempts" bigint NOT NULL,
	"repeats" bigint NOT NULL,
	"received_at" bigint NOT NULL,
	"processed_at" bigint
);
--> statement-breakpoint
CREATE TABLE "delivery_bodies" (
	"id" text PRIMARY KEY NOT NULL,
	"inbox_id" text NOT NULL,
	"body" text NOT NULL,
	"encoding" text NOT NULL,
	"received_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"at" bigint NOT NULL,
	"actor_type" text NOT NULL,
	"actor_id" text,
	"conversation_id" text,
	"subject_id" text,
	"data" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "files" (
	"id" text PRIMARY KEY NOT NULL,
	"conversation_id" text,
	"inbox_id" text,
	"message_id" text,
	"blob_key" text,
	"name" text NOT NULL,
	"mime" text NOT NULL,
	"bytes" bigint NOT NULL,
	"sha256" text,
	"state" text NOT NULL,
	"source" jsonb,
	"attempts" bigint NOT NULL,
	"next_attempt_at" bigint,
	"public_token" text,
	"uploader_type" text NOT NULL,
	"uploader_id" text,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"agent_id" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" bigint,
	"body" text,
	"created_at" bigint NOT NULL,
	CONSTRAINT "idempotency_keys_pk" PRIMARY KEY("agent_id","key")
);
--> statement-breakpoint
CREATE TABLE "inbox_members" (
	"inbox_id" text NOT NULL,
	"agent_id" text NOT NULL,
	CONSTRAINT "inbox_members_pk" PRIMARY KEY("inbox_id","agent_id")
);
--> statement-breakpoint
CREATE TABLE "inboxes" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"name" text NOT NULL,
	"config" jsonb NOT NULL,
	"secrets" text,
	"queue_id" text NOT NULL,
	"locale" text NOT NULL,
	"enabled" boolean NOT NULL,
	"restricted" boolean NOT NULL,
	"reopen_window_ms" bigint NOT NULL,
	"health" jsonb NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"token" bigint NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" text PRIMARY KEY NOT NULL,
	"conversation_id" text NOT NULL,
	"inbox_id" text NOT NULL,
	"ordinal" bigint NOT NULL,
	"direction" text NOT NULL,
	"author_type" text NOT NULL,
	"author_id" text,
	"author_name" text,
	"parts" jsonb NOT NULL,
	"external_id" text,
	"client_id" text,
	"provider_ids" jsonb,
	"quoted_message_id" text,
	"delivery_id" text,
	"delivery" text,
	"delivery_error" jsonb,
	"edited_at" bigint,
	"unsent_at" bigint,
	"occurred_at" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "offers" (
	"id" text PRIMARY KEY NOT NULL,
	"conversation_id" text NOT NULL,
	"agent_id" text NOT NULL,
	"queue_id" text NOT NULL,
	"status" text NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"ended_at" bigint,
	"reason" text,
	"why" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "one_time_links" (
	"id" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"agent_id" text,
	"token_hash" text NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"used_at" bigint
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" text PRIMARY KEY NOT NULL,
	"message_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"inbox_id" text NOT NULL,
	"status" text NOT NULL,
	"attempts" bigint NOT NULL,
	"next_attempt_at" bigint,
	"lease_until" bigint,
	"lease_token" text,
	"retry_key" text NOT NULL,
	"route" text,
	"error" jsonb,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "queue_members" (
	"queue_id" text NOT NULL,
	"agent_id" text NOT NULL,
	CONSTRAINT "queue_members_pk" PRIMARY KEY("queue_id","agent_id")
);
--> statement-breakpoint
CREATE TABLE "queues" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"settings" jsonb NOT NULL,
	"enabled" boolean NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "roles" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"permissions" jsonb NOT NULL,
	"visibility" text NOT NULL,
	"builtin" boolean NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"agent_id" text NOT NULL,
	"token_hash" text NOT NULL,
	"csrf_token" text NOT NULL,
	"user_agent" text,
	"ip" text,
	"created_at" bigint NOT NULL,
	"last_seen_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "skills" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "agent_skills" ADD CONSTRAINT "agent_skills_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_skills" ADD CONSTRAINT "agent_skills_skill_id_skills_id_fk" FOREIGN KEY ("skill_id") REFERENCES "public"."skills"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_states" ADD CONSTRAINT "agent_states_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agents" ADD CONSTRAINT "agents_role_id_roles_id_fk" FOREIGN KEY ("role_id") REFERENCES "public"."roles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_notes" ADD CONSTRAINT "contact_notes_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_points" ADD CONSTRAINT "contact_points_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_company_id_companies_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_inbox_id_inboxes_id_fk" FOREIGN KEY ("inbox_id") REFERENCES "public"."inboxes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_contact_point_id_contact_points_id_fk" FOREIGN KEY ("contact_point_id") REFERENCES "public"."contact_points"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbox_members" ADD CONSTRAINT "inbox_members_inbox_id_inboxes_id_fk" FOREIGN KEY ("inbox_id") REFERENCES "public"."inboxes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbox_members" ADD CONSTRAINT "inbox_members_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inboxes" ADD CONSTRAINT "inboxes_queue_id_queues_id_fk" FOREIGN KEY ("queue_id") REFERENCES "public"."queues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "one_time_links" ADD CONSTRAINT "one_time_links_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "queue_members" ADD CONSTRAINT "queue_members_queue_id_queues_id_fk" FOREIGN KEY ("queue_id") REFERENCES "public"."queues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "queue_members" ADD CONSTRAINT "queue_members_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "agent_skills_skill_ix" ON "agent_skills" USING btree ("skill_id");--> statement-breakpoint
CREATE INDEX "agent_states_lease_ix" ON "agent_states" USING btree ("lease_until");--> statement-breakpoint
CREATE UNIQUE INDEX "agents_email_uq" ON "agents" USING btree ("email");--> statement-breakpoint
CREATE UNIQUE INDEX "api_tokens_hash_uq" ON "api_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "api_tokens_agent_ix" ON "api_tokens" USING btree ("agent_id");--> statement-breakpoint
CREATE INDEX "companies_name_ix" ON "companies" USING btree ("name");--> statement-breakpoint
CREATE INDEX "consents_contact_ix" ON "consents" USING btree ("contact_id");--> statement-breakpoint
CREATE INDEX "contact_notes_contact_ix" ON "contact_notes" USING btree ("contact_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "contact_points_address_uq" ON "contact_points" USING btree ("kind","address");--> statement-breakpoint
CREATE INDEX "contact_points_contact_ix" ON "contact_points" USING btree ("contact_id");--> statement-breakpoint
CREATE INDEX "contact_points_search_ix" ON "contact_points" USING btree ((lower("address") collate "C"),"id");--> statement-breakpoint
CREATE INDEX "contacts_updated_ix" ON "contacts" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "contacts_name_ix" ON "contacts" USING btree ((lower("name") collate "C"),"id");--> statement-breakpoint
CREATE UNIQUE INDEX "conversations_live_uq" ON "conversations" USING btree ("inbox_id","thread_key") WHERE "conversations"."status" <> 'resolved';--> statement-breakpoint
CREATE INDEX "conversations_thread_ix" ON "conversations" USING btree ("inbox_id","thread_key","id");--> statement-breakpoint
CREATE INDEX "conversations_contact_ix" ON "conversations" USING btree ("contact_id","id");--> statement-breakpoint
CREATE INDEX "conversations_open_ix" ON "conversations" USING btree ("open","last_message_at","id");--> statement-breakpoint
CREATE INDEX "conversations_queue_ix" ON "conversations" USING btree ("queue_id","open","last_message_at","id");--> statement-breakpoint
CREATE INDEX "conversations_assignee_ix" ON "conversations" USING btree ("assignee_id","open","last_message_at","id") WHERE "conversations"."assignee_id" is not null;--> statement-breakpoint
CREATE INDEX "conversations_waiting_ix" ON "conversations" USING btree ("queue_id","waiting_since") WHERE "conversations"."status" in ('queued','offered');--> statement-breakpoint
CREATE INDEX "conversations_snoozed_ix" ON "conversations" USING btree ("snoozed_until") WHERE "conversations"."snoozed_until" is not null;--> statement-breakpoint
CREATE INDEX "conversations_wrap_up_ix" ON "conversations" USING btree ("wrap_up_until") WHERE "conversations"."wrap_up_until" is not null;--> statement-breakpoint
CREATE INDEX "conversations_idle_ix" ON "conversations" USING btree ("channel","last_message_at") WHERE "conversations"."status" = 'active' and "conversations"."awaiting" = 'customer' and "conversations"."parked_at" is null;--> statement-breakpoint
CREATE INDEX "conversations_sla_ix" ON "conversations" USING btree ("sla_due_at") WHERE "conversations"."sla_due_at" is not null and "conversations"."sla_breached_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_external_uq" ON "deliveries" USING btree ("inbox_id","external_id");--> statement-breakpoint
CREATE INDEX "deliveries_status_ix" ON "deliveries" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "events_conversation_ix" ON "events" USING btree ("conversation_id","seq");--> statement-breakpoint
CREATE INDEX "files_conversation_ix" ON "files" USING btree ("conversation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "files_public_uq" ON "files" USING btree ("public_token");--> statement-breakpoint
CREATE INDEX "files_due_ix" ON "files" USING btree ("next_attempt_at") WHERE "files"."next_attempt_at" is not null;--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_ix" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "inbox_members_agent_ix" ON "inbox_members" USING btree ("agent_id");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_ordinal_uq" ON "messages" USING btree ("conversation_id","ordinal");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_external_uq" ON "messages" USING btree ("inbox_id","external_id") WHERE "messages"."external_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "messages_client_uq" ON "messages" USING btree ("conversation_id","client_id") WHERE "messages"."client_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "offers_live_uq" ON "offers" USING btree ("conversation_id") WHERE "offers"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "offers_agent_ix" ON "offers" USING btree ("agent_id","status");--> statement-breakpoint
CREATE INDEX "offers_due_ix" ON "offers" USING btree ("expires_at") WHERE "offers"."status" = 'pending';--> statement-breakpoint
CREATE UNIQUE INDEX "one_time_links_hash_uq" ON "one_time_links" USING btree ("token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "outbox_message_uq" ON "outbox" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "outbox_due_ix" ON "outbox" USING btree ("next_attempt_at") WHERE "outbox"."next_attempt_at" is not null;--> statement-breakpoint
CREATE INDEX "outbox_order_ix" ON "outbox" USING btree ("conversation_id","id");--> statement-breakpoint
CREATE INDEX "queue_members_agent_ix" ON "queue_members" USING btree ("agent_id");--> statement-breakpoint
CREATE UNIQUE INDEX "queues_name_uq" ON "queues" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "roles_name_uq" ON "roles" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_token_uq" ON "sessions" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "sessions_agent_ix" ON "sessions" USING btree ("agent_id");--> statement-breakpoint
CREATE UNIQUE INDEX "skills_name_uq" ON "skills" USING btree ("name");