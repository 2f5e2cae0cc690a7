CREATE TABLE `account_links` (
	`id` text PRIMARY KEY NOT NULL,
	`inbox_id` text NOT NULL,
	`thread_key` text NOT NULL,
	`conversation_id` text,
	`token_hash` text NOT NULL,
	`nonce_hash` text,
	`account_id` text,
	`contact_id` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`inbox_id`) REFERENCES `inboxes`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`contact_id`) REFERENCES `contacts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `account_links_token_uq` ON `account_links` (`token_hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `account_links_nonce_uq` ON `account_links` (`nonce_hash`);--> statement-breakpoint
CREATE TABLE `message_aliases` (
	`inbox_id` text NOT NULL,
	`external_id` text NOT NULL,
	`message_id` text NOT NULL,
	PRIMARY KEY(`inbox_id`, `external_id`),
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `message_aliases_message_ix` ON `message_aliases` (`message_id`);--> statement-breakpoint
CREATE TABLE `thread_members` (
	`id` text PRIMARY KEY NOT NULL,
	`inbox_id` text NOT NULL,
	`thread_key` text NOT NULL,
	`external_id` text NOT NULL,
	`display_name` text,
	`avatar_url` text,
	`joined_at` integer NOT NULL,
	`left_at` integer,
	`membership_at` integer NOT NULL,
	`profile_fetched_at` integer,
	FOREIGN KEY (`inbox_id`) REFERENCES `inboxes`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `thread_members_uq` ON `thread_members` (`inbox_id`,`thread_key`,`external_id`);--> statement-breakpoint
ALTER TABLE `files` ADD `preview_key` text;--> statement-breakpoint
ALTER TABLE `inboxes` ADD `quota` text;--> statement-breakpoint
ALTER TABLE `messages` ADD `member_id` text;--> statement-breakpoint
ALTER TABLE `outbox` ADD `hold` text;--> statement-breakpoint
ALTER TABLE `outbox` ADD `approved_by` text;