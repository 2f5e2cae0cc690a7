CREATE TABLE "calendars" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"settings" jsonb NOT NULL,
	"changes_at" bigint,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "callbacks" (
	"id" text PRIMARY KEY NOT NULL,
	"conversation_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"queue_id" text NOT NULL,
	"number" text NOT NULL,
	"status" text NOT NULL,
	"created_at" bigint NOT NULL,
	"requested_at" bigint NOT NULL,
	"scheduled_for" bigint,
	"agent_id" text,
	"tries" bigint NOT NULL,
	"max_tries" bigint NOT NULL,
	"min_gap_ms" bigint NOT NULL,
	"next_try_at" bigint,
	"first_try_at" bigint,
	"last_try" text,
	"promise" text,
	"ended_at" bigint,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "configuration_versions" (
	"version" bigserial PRIMARY KEY NOT NULL,
	"configuration" jsonb NOT NULL,
	"author_id" text,
	"note" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "group_members" (
	"group_id" text NOT NULL,
	"agent_id" text NOT NULL,
	CONSTRAINT "group_members_pk" PRIMARY KEY("group_id","agent_id")
);
--> statement-breakpoint
CREATE TABLE "groups" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"capacity" jsonb NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "queue_stays" (
	"id" text PRIMARY KEY NOT NULL,
	"conversation_id" text NOT NULL,
	"queue_id" text NOT NULL,
	"channel" text NOT NULL,
	"priority" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"entered_at" bigint NOT NULL,
	"left_at" bigint,
	"outcome" text,
	"agent_id" text
);
--> statement-breakpoint
CREATE TABLE "routing_rules" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"enabled" boolean NOT NULL,
	"position" bigint NOT NULL,
	"conditions" jsonb NOT NULL,
	"effect" jsonb NOT NULL,
	"stop" boolean NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "segments" (
	"id" text PRIMARY KEY NOT NULL,
	"conversation_id" text NOT NULL,
	"queue_id" text NOT NULL,
	"agent_id" text NOT NULL,
	"channel" text NOT NULL,
	"started_at" bigint NOT NULL,
	"wrap_up_at" bigint,
	"ended_at" bigint,
	"hold_ms" bigint NOT NULL,
	"parked_ms" bigint NOT NULL,
	"transferred" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sla_clocks" (
	"id" text PRIMARY KEY NOT NULL,
	"conversation_id" text NOT NULL,
	"target" text NOT NULL,
	"policy_id" text,
	"time" text NOT NULL,
	"calendar_id" text,
	"target_ms" bigint NOT NULL,
	"warn_before_ms" bigint,
	"started_at" bigint NOT NULL,
	"due_at" bigint,
	"warn_at" bigint,
	"warned_at" bigint,
	"breached_at" bigint,
	"ended_at" bigint,
	"outcome" text,
	"pauses" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sla_policies" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"enabled" boolean NOT NULL,
	"position" bigint NOT NULL,
	"settings" jsonb NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "visitors" (
	"id" text PRIMARY KEY NOT NULL,
	"inbox_id" text NOT NULL,
	"external_id" text,
	"profile" jsonb NOT NULL,
	"valid_from" bigint NOT NULL,
	"erased_at" bigint,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "agent_states" ADD COLUMN "last_offer_at" bigint;--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "languages" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "agents" ADD COLUMN "auto_accept" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "waiting_steps" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "waiting_step_at" bigint;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "place_held_by" text;--> statement-breakpoint
ALTER TABLE "callbacks" ADD CONSTRAINT "callbacks_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "callbacks" ADD CONSTRAINT "callbacks_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "callbacks" ADD CONSTRAINT "callbacks_queue_id_queues_id_fk" FOREIGN KEY ("queue_id") REFERENCES "public"."queues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_members" ADD CONSTRAINT "group_members_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_members" ADD CONSTRAINT "group_members_agent_id_agents_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."agents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sla_clocks" ADD CONSTRAINT "sla_clocks_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "calendars_name_uq" ON "calendars" USING btree ("name");--> statement-breakpoint
CREATE INDEX "calendars_due_ix" ON "calendars" USING btree ("changes_at");--> statement-breakpoint
CREATE UNIQUE INDEX "callbacks_open_uq" ON "callbacks" USING btree ("contact_id","queue_id") WHERE "callbacks"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "callbacks_conversation_ix" ON "callbacks" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "callbacks_due_ix" ON "callbacks" USING btree ("next_try_at") WHERE "callbacks"."ended_at" is null and "callbacks"."next_try_at" is not null;--> statement-breakpoint
CREATE INDEX "callbacks_queue_ix" ON "callbacks" USING btree ("queue_id","id");--> statement-breakpoint
CREATE INDEX "group_members_agent_ix" ON "group_members" USING btree ("agent_id");--> statement-breakpoint
CREATE UNIQUE INDEX "groups_name_uq" ON "groups" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "queue_stays_open_uq" ON "queue_stays" USING btree ("conversation_id") WHERE "queue_stays"."left_at" is null;--> statement-breakpoint
CREATE INDEX "queue_stays_conversation_ix" ON "queue_stays" USING btree ("conversation_id","id");--> statement-breakpoint
CREATE INDEX "queue_stays_queue_ix" ON "queue_stays" USING btree ("queue_id","entered_at");--> statement-breakpoint
CREATE INDEX "queue_stays_entered_ix" ON "queue_stays" USING btree ("entered_at");--> statement-breakpoint
CREATE UNIQUE INDEX "routing_rules_name_uq" ON "routing_rules" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "segments_open_uq" ON "segments" USING btree ("conversation_id","agent_id") WHERE "segments"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "segments_conversation_ix" ON "segments" USING btree ("conversation_id","id");--> statement-breakpoint
CREATE INDEX "segments_agent_ix" ON "segments" USING btree ("agent_id","started_at");--> statement-breakpoint
CREATE INDEX "segments_started_ix" ON "segments" USING btree ("started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "sla_clocks_running_uq" ON "sla_clocks" USING btree ("conversation_id","target") WHERE "sla_clocks"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "sla_clocks_conversation_ix" ON "sla_clocks" USING btree ("conversation_id","id");--> statement-breakpoint
CREATE INDEX "sla_clocks_due_ix" ON "sla_clocks" USING btree ("due_at") WHERE "sla_clocks"."ended_at" is null and "sla_clocks"."breached_at" is null and "sla_clocks"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "sla_clocks_warn_ix" ON "sla_clocks" USING btree ("warn_at") WHERE "sla_clocks"."ended_at" is null and "sla_clocks"."warned_at" is null and "sla_clocks"."warn_at" is not null;--> statement-breakpoint
CREATE INDEX "sla_clocks_calendar_ix" ON "sla_clocks" USING btree ("calendar_id") WHERE "sla_clocks"."ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "sla_policies_name_uq" ON "sla_policies" USING btree ("name");--> statement-breakpoint
CREATE INDEX "visitors_external_ix" ON "visitors" USING btree ("inbox_id","external_id");--> statement-breakpoint
CREATE INDEX "conversations_waiting_step_ix" ON "conversations" USING btree ("waiting_step_at") WHERE "conversations"."waiting_step_at" is not null;