CREATE TABLE `calendars` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`settings` text NOT NULL,
	`changes_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `calendars_name_uq` ON `calendars` (`name`);--> statement-breakpoint
CREATE INDEX `calendars_due_ix` ON `calendars` (`changes_at`);--> statement-breakpoint
CREATE TABLE `callbacks` (
	`id` text PRIMARY KEY NOT NULL,
	`conversation_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`queue_id` text NOT NULL,
	`number` text NOT NULL,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`requested_at` integer NOT NULL,
	`scheduled_for` integer,
	`agent_id` text,
	`tries` integer NOT NULL,
	`max_tries` integer NOT NULL,
	`min_gap_ms` integer NOT NULL,
	`next_try_at` integer,
	`first_try_at` integer,
	`last_try` text,
	`promise` text,
	`ended_at` integer,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`queue_id`) REFERENCES `queues`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `callbacks_open_uq` ON `callbacks` (`contact_id`,`queue_id`) WHERE "callbacks"."ended_at" is null;--> statement-breakpoint
CREATE INDEX `callbacks_conversation_ix` ON `callbacks` (`conversation_id`);--> statement-breakpoint
CREATE INDEX `callbacks_due_ix` ON `callbacks` (`next_try_at`) WHERE "callbacks"."ended_at" is null and "callbacks"."next_try_at" is not null;--> statement-breakpoint
CREATE INDEX `callbacks_queue_ix` ON `callbacks` (`queue_id`,`id`);--> statement-breakpoint
CREATE TABLE `configuration_versions` (
	`version` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`configuration` text NOT NULL,
	`author_id` text,
	`note` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `group_members` (
	`group_id` text NOT NULL,
	`agent_id` text NOT NULL,
	PRIMARY KEY(`group_id`, `agent_id`),
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`agent_id`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `group_members_agent_ix` ON `group_members` (`agent_id`);--> statement-breakpoint
CREATE TABLE `groups` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`capacity` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `groups_name_uq` ON `groups` (`name`);--> statement-breakpoint
CREATE TABLE `queue_stays` (
	`id` text PRIMARY KEY NOT NULL,
	`conversation_id` text NOT NULL,
	`queue_id` text NOT NULL,
	`channel` text NOT NULL,
	`priority` integer NOT NULL,
	`created_at` integer NOT NULL,
	`entered_at` integer NOT NULL,
	`left_at` integer,
	`outcome` text,
	`agent_id` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `queue_stays_open_uq` ON `queue_stays` (`conversation_id`) WHERE "queue_stays"."left_at" is null;--> statement-breakpoint
CREATE INDEX `queue_stays_conversation_ix` ON `queue_stays` (`conversation_id`,`id`);--> statement-breakpoint
CREATE INDEX `queue_stays_queue_ix` ON `queue_stays` (`queue_id`,`entered_at`);--> statement-breakpoint
CREATE INDEX `queue_stays_entered_ix` ON `queue_stays` (`entered_at`);--> statement-breakpoint
CREATE TABLE `routing_rules` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`enabled` integer NOT NULL,
	`position` integer NOT NULL,
	`conditions` text NOT NULL,
	`effect` text NOT NULL,
	`stop` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `routing_rules_name_uq` ON `routing_rules` (`name`);--> statement-breakpoint
CREATE TABLE `segments` (
	`id` text PRIMARY KEY NOT NULL,
	`conversation_id` text NOT NULL,
	`queue_id` text NOT NULL,
	`agent_id` text NOT NULL,
	`channel` text NOT NULL,
	`started_at` integer NOT NULL,
	`wrap_up_at` integer,
	`ended_at` integer,
	`hold_ms` integer NOT NULL,
	`parked_ms` integer NOT NULL,
	`transferred` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `segments_open_uq` ON `segments` (`conversation_id`,`agent_id`) WHERE "segments"."ended_at" is null;--> statement-breakpoint
CREATE INDEX `segments_conversation_ix` ON `segments` (`conversation_id`,`id`);--> statement-breakpoint
CREATE INDEX `segments_agent_ix` ON `segments` (`agent_id`,`started_at`);--> statement-breakpoint
CREATE INDEX `segments_started_ix` ON `segments` (`started_at`);--> statement-breakpoint
CREATE TABLE `sla_clocks` (
	`id` text PRIMARY KEY NOT NULL,
	`conversation_id` text NOT NULL,
	`target` text NOT NULL,
	`policy_id` text,
	`time` text NOT NULL,
	`calendar_id` text,
	`target_ms` integer NOT NULL,
	`warn_before_ms` integer,
	`started_at` integer NOT NULL,
	`due_at` integer,
	`warn_at` integer,
	`warned_at` integer,
	`breached_at` integer,
	`ended_at` integer,
	`outcome` text,
	`pauses` text NOT NULL,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sla_clocks_running_uq` ON `sla_clocks` (`conversation_id`,`target`) WHERE "sla_clocks"."ended_at" is null;--> statement-breakpoint
CREATE INDEX `sla_clocks_conversation_ix` ON `sla_clocks` (`conversation_id`,`id`);--> statement-breakpoint
CREATE INDEX `sla_clocks_due_ix` ON `sla_clocks` (`due_at`) WHERE "sla_clocks"."ended_at" is null and "sla_clocks"."breached_at" is null and "sla_clocks"."due_at" is not null;--> statement-breakpoint
CREATE INDEX `sla_clocks_warn_ix` ON `sla_clocks` (`warn_at`) WHERE "sla_clocks"."ended_at" is null and "sla_clocks"."warned_at" is null and "sla_clocks"."warn_at" is not null;--> statement-breakpoint
CREATE INDEX `sla_clocks_calendar_ix` ON `sla_clocks` (`calendar_id`) WHERE "sla_clocks"."ended_at" is null;--> statement-breakpoint
CREATE TABLE `sla_policies` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`enabled` integer NOT NULL,
	`position` integer NOT NULL,
	`settings` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sla_policies_name_uq` ON `sla_policies` (`name`);--> statement-breakpoint
CREATE TABLE `visitors` (
	`id` text PRIMARY KEY NOT NULL,
	`inbox_id` text NOT NULL,
	`external_id` text,
	`profile` text NOT NULL,
	`valid_from` integer NOT NULL,
	`erased_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `visitors_external_ix` ON `visitors` (`inbox_id`,`external_id`);--> statement-breakpoint
ALTER TABLE `agent_states` ADD `last_offer_at` integer;--> statement-breakpoint
ALTER TABLE `agents` ADD `languages` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `agents` ADD `auto_accept` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `conversations` ADD `waiting_steps` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `conversations` ADD `waiting_step_at` integer;--> statement-breakpoint
ALTER TABLE `conversations` ADD `place_held_by` text;--> statement-breakpoint
CREATE INDEX `conversations_waiting_step_ix` ON `conversations` (`waiting_step_at`) WHERE "conversations"."waiting_step_at" is not null;