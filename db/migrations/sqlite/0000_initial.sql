CREATE TABLE `agent_skills` (
	`agent_id` text NOT NULL,
	`skill_id` text NOT NULL,
	`level` integer NOT NULL,
	PRIMARY KEY(`agent_id`, `skill_id`),
	FOREIGN KEY (`agent_id`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`skill_id`) REFERENCES `skills`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `agent_skills_skill_ix` ON `agent_skills` (`skill_id`);--> statement-breakpoint
CREATE TABLE `agent_states` (
	`agent_id` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`since` integer NOT NULL,
	`lease_until` integer,
	`absent_since` integer,
	`idle_since` integer NOT NULL,
	`missed_offers` integer NOT NULL,
	FOREIGN KEY (`agent_id`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `agent_states_lease_ix` ON `agent_states` (`lease_until`);--> statement-breakpoint
CREATE TABLE `agents` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`role_id` text NOT NULL,
	`password_hash` text,
	`totp_secret` text,
	`totp_enabled_at` integer,
	`totp_last_step` integer,
	`locale` text NOT NULL,
	`capacity` text NOT NULL,
	`avatar_color` text,
	`disabled_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`role_id`) REFERENCES `roles`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `agents_email_uq` ON `agents` (`email`);--> statement-breakpoint
CREATE TABLE `api_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`agent_id` text NOT NULL,
	`token_hash` text NOT NULL,
	`hint` text NOT NULL,
	`permissions` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	`expires_at` integer,
	`revoked_at` integer,
	FOREIGN KEY (`agent_id`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_hash_uq` ON `api_tokens` (`token_hash`);--> statement-breakpoint
CREATE INDEX `api_tokens_agent_ix` ON `api_tokens` (`agent_id`);--> statement-breakpoint
CREATE TABLE `companies` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `companies_name_ix` ON `companies` (`name`);--> statement-breakpoint
CREATE TABLE `consents` (
	`id` text PRIMARY KEY NOT NULL,
	`contact_id` text NOT NULL,
	`kind` text NOT NULL,
	`granted` integer NOT NULL,
	`source` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `consents_contact_ix` ON `consents` (`contact_id`);--> statement-breakpoint
CREATE TABLE `contact_notes` (
	`id` text PRIMARY KEY NOT NULL,
	`contact_id` text NOT NULL,
	`author_id` text NOT NULL,
	`text` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `contact_notes_contact_ix` ON `contact_notes` (`contact_id`,`id`);--> statement-breakpoint
CREATE TABLE `contact_points` (
	`id` text PRIMARY KEY NOT NULL,
	`contact_id` text NOT NULL,
	`kind` text NOT NULL,
	`address` text NOT NULL,
	`display_name` text,
	`verified` integer NOT NULL,
	`blocked_at` integer,
	`reachability_at` integer,
	`profile_fetched_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `contact_points_address_uq` ON `contact_points` (`kind`,`address`);--> statement-breakpoint
CREATE INDEX `contact_points_contact_ix` ON `contact_points` (`contact_id`);--> statement-breakpoint
CREATE INDEX `contact_points_search_ix` ON `contact_points` (lower("address"),`id`);--> statement-breakpoint
CREATE TABLE `contacts` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`company_id` text,
	`locale` text,
	`fields` text NOT NULL,
	`avatar_url` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`company_id`) REFERENCES `companies`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `contacts_updated_ix` ON `contacts` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `contacts_name_ix` ON `contacts` (lower("name"),`id`);--> statement-breakpoint
CREATE TABLE `conversations` (
	`id` text PRIMARY KEY NOT NULL,
	`inbox_id` text NOT NULL,
	`channel` text NOT NULL,
	`contact_id` text NOT NULL,
	`contact_point_id` text NOT NULL,
	`thread_key` text NOT NULL,
	`status` text NOT NULL,
	`open` integer NOT NULL,
	`awaiting` text NOT NULL,
	`queue_id` text NOT NULL,
	`assignee_id` text,
	`offered_to` text,
	`priority` integer NOT NULL,
	`language` text,
	`required_skills` text NOT NULL,
	`preferred_agent_id` text,
	`preferred_until` integer,
	`personal` integer NOT NULL,
	`avoid` text NOT NULL,
	`subject` text,
	`waiting_since` integer NOT NULL,
	`queued_at` integer NOT NULL,
	`parked_at` integer,
	`snoozed_until` integer,
	`wrap_up_until` integer,
	`wrap_up_extended_at` integer,
	`assigned_at` integer,
	`first_customer_at` integer,
	`first_response_at` integer,
	`sla_due_at` integer,
	`sla_breached_at` integer,
	`resolved_at` integer,
	`disposition` text,
	`wrap_up_note` text,
	`tags` text NOT NULL,
	`previous_id` text,
	`reply_token` text,
	`reply_token_expires_at` integer,
	`message_count` integer NOT NULL,
	`read_count` integer NOT NULL,
	`customer_read_count` integer NOT NULL,
	`last_message_at` integer NOT NULL,
	`preview` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`inbox_id`) REFERENCES `inboxes`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`contact_point_id`) REFERENCES `contact_points`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `conversations_live_uq` ON `conversations` (`inbox_id`,`thread_key`) WHERE "conversations"."status" <> 'resolved';--> statement-breakpoint
CREATE INDEX `conversations_thread_ix` ON `conversations` (`inbox_id`,`thread_key`,`id`);--> statement-breakpoint
CREATE INDEX `conversations_contact_ix` ON `conversations` (`contact_id`,`id`);--> statement-breakpoint
CREATE INDEX `conversations_open_ix` ON `conversations` (`open`,`last_message_at`,`id`);--> statement-breakpoint
CREATE INDEX `conversations_queue_ix` ON `conversations` (`queue_id`,`open`,`last_message_at`,`id`);--> statement-breakpoint
CREATE INDEX `conversations_assignee_ix` ON `conversations` (`assignee_id`,`open`,`last_message_at`,`id`) WHERE "conversations"."assignee_id" is not null;--> statement-breakpoint
CREATE INDEX `conversations_waiting_ix` ON `conversations` (`queue_id`,`waiting_since`) WHERE "conversations"."status" in ('queued','offered');--> statement-breakpoint
CREATE INDEX `conversations_snoozed_ix` ON `conversations` (`snoozed_until`) WHERE "conversations"."snoozed_until" is not null;--> statement-breakpoint
CREATE INDEX `conversations_wrap_up_ix` ON `conversations` (`wrap_up_until`) WHERE "conversations"."wrap_up_until" is not null;--> statement-breakpoint
CREATE INDEX `conversations_idle_ix` ON `conversations` (`channel`,`last_message_at`) WHERE "conversations"."status" = 'active' and "conversations"."awaiting" = 'customer' and "conversations"."parked_at" is null;--> statement-breakpoint
CREATE INDEX `conversations_sla_ix` ON `conversations` (`sla_due_at`) WHERE "conversations"."sla_due_at" is not null and "conversations"."sla_breached_at" is null;--> statement-breakpoint
CREATE TABLE `counters` (
	`scope` text NOT NULL,
	`name` text NOT NULL,
	`value` integer NOT NULL,
	PRIMARY KEY(`scope`, `name`)
);
--> statement-breakpoint
CREATE TABLE `cursors` (
	`name` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`inbox_id` text NOT NULL,
	`external_id` text NOT NULL,
	`status` text NOT NULL,
	`raw` text NOT NULL,
	`encoding` text NOT NULL,
	`body_id` text,
	`error` text,
	`attempts` integer NOT NULL,
	`repeats` integer NOT NULL,
	`received_at` integer NOT NULL,
	`processed_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_external_uq` ON `deliveries` (`inbox_id`,`external_id`);--> statement-breakpoint
CREATE INDEX `deliveries_status_ix` ON `deliveries` (`status`,`id`);--> statement-breakpoint
CREATE TABLE `delivery_bodies` (
	`id` text PRIMARY KEY NOT NULL,
	`inbox_id` text NOT NULL,
	`body` text NOT NULL,
	`encoding` text NOT NULL,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `events` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`type` text NOT NULL,
	`at` integer NOT NULL,
	`actor_type` text NOT NULL,
	`actor_id` text,
	`conversation_id` text,
	`subject_id` text,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `events_conversation_ix` ON `events` (`conversation_id`,`seq`);--> statement-breakpoint
CREATE TABLE `files` (
	`id` text PRIMARY KEY NOT NULL,
	`conversation_id` text,
	`inbox_id` text,
	`message_id` text,
	`blob_key` text,
	`name` text NOT NULL,
	`mime` text NOT NULL,
	`bytes` integer NOT NULL,
	`sha256` text,
	`state` text NOT NULL,
	`source` text,
	`attempts` integer NOT NULL,
	`next_attempt_at` integer,
	`public_token` text,
	`uploader_type` text NOT NULL,
	`uploader_id` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `files_conversation_ix` ON `files` (`conversation_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `files_public_uq` ON `files` (`public_token`);--> statement-breakpoint
CREATE INDEX `files_due_ix` ON `files` (`next_attempt_at`) WHERE "files"."next_attempt_at" is not null;--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`agent_id` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`status` integer,
	`body` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`agent_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_created_ix` ON `idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE TABLE `inbox_members` (
	`inbox_id` text NOT NULL,
	`agent_id` text NOT NULL,
	PRIMARY KEY(`inbox_id`, `agent_id`),
	FOREIGN KEY (`inbox_id`) REFERENCES `inboxes`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`agent_id`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `inbox_members_agent_ix` ON `inbox_members` (`agent_id`);--> statement-breakpoint
CREATE TABLE `inboxes` (
	`id` text PRIMARY KEY NOT NULL,
	`channel` text NOT NULL,
	`name` text NOT NULL,
	`config` text NOT NULL,
	`secrets` text,
	`queue_id` text NOT NULL,
	`locale` text NOT NULL,
	`enabled` integer NOT NULL,
	`restricted` integer NOT NULL,
	`reopen_window_ms` integer NOT NULL,
	`health` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`queue_id`) REFERENCES `queues`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `leases` (
	`name` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`token` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `messages` (
	`id` text PRIMARY KEY NOT NULL,
	`conversation_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`ordinal` integer NOT NULL,
	`direction` text NOT NULL,
	`author_type` text NOT NULL,
	`author_id` text,
	`author_name` text,
	`parts` text NOT NULL,
	`external_id` text,
	`client_id` text,
	`provider_ids` text,
	`quoted_message_id` text,
	`delivery_id` text,
	`delivery` text,
	`delivery_error` text,
	`edited_at` integer,
	`unsent_at` integer,
	`occurred_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_ordinal_uq` ON `messages` (`conversation_id`,`ordinal`);--> statement-breakpoint
CREATE UNIQUE INDEX `messages_external_uq` ON `messages` (`inbox_id`,`external_id`) WHERE "messages"."external_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `messages_client_uq` ON `messages` (`conversation_id`,`client_id`) WHERE "messages"."client_id" is not null;--> statement-breakpoint
CREATE TABLE `offers` (
	`id` text PRIMARY KEY NOT NULL,
	`conversation_id` text NOT NULL,
	`agent_id` text NOT NULL,
	`queue_id` text NOT NULL,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`ended_at` integer,
	`reason` text,
	`why` text NOT NULL,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `offers_live_uq` ON `offers` (`conversation_id`) WHERE "offers"."status" = 'pending';--> statement-breakpoint
CREATE INDEX `offers_agent_ix` ON `offers` (`agent_id`,`status`);--> statement-breakpoint
CREATE INDEX `offers_due_ix` ON `offers` (`expires_at`) WHERE "offers"."status" = 'pending';--> statement-breakpoint
CREATE TABLE `one_time_links` (
	`id` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`agent_id` text,
	`token_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`agent_id`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `one_time_links_hash_uq` ON `one_time_links` (`token_hash`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` text PRIMARY KEY NOT NULL,
	`message_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`status` text NOT NULL,
	`attempts` integer NOT NULL,
	`next_attempt_at` integer,
	`lease_until` integer,
	`lease_token` text,
	`retry_key` text NOT NULL,
	`route` text,
	`error` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_message_uq` ON `outbox` (`message_id`);--> statement-breakpoint
CREATE INDEX `outbox_due_ix` ON `outbox` (`next_attempt_at`) WHERE "outbox"."next_attempt_at" is not null;--> statement-breakpoint
CREATE INDEX `outbox_order_ix` ON `outbox` (`conversation_id`,`id`);--> statement-breakpoint
CREATE TABLE `queue_members` (
	`queue_id` text NOT NULL,
	`agent_id` text NOT NULL,
	PRIMARY KEY(`queue_id`, `agent_id`),
	FOREIGN KEY (`queue_id`) REFERENCES `queues`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`agent_id`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `queue_members_agent_ix` ON `queue_members` (`agent_id`);--> statement-breakpoint
CREATE TABLE `queues` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`settings` text NOT NULL,
	`enabled` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `queues_name_uq` ON `queues` (`name`);--> statement-breakpoint
CREATE TABLE `roles` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`permissions` text NOT NULL,
	`visibility` text NOT NULL,
	`builtin` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `roles_name_uq` ON `roles` (`name`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`agent_id` text NOT NULL,
	`token_hash` text NOT NULL,
	`csrf_token` text NOT NULL,
	`user_agent` text,
	`ip` text,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`agent_id`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_token_uq` ON `sessions` (`token_hash`);--> statement-breakpoint
CREATE INDEX `sessions_agent_ix` ON `sessions` (`agent_id`);--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `skills` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `skills_name_uq` ON `skills` (`name`);