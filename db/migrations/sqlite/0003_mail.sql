CREATE TABLE `automatic_answers` (
	`inbox_id` text NOT NULL,
	`subject` text NOT NULL,
	`answered_at` integer NOT NULL,
	PRIMARY KEY(`inbox_id`, `subject`)
);
--> statement-breakpoint
CREATE TABLE `listener_cursors` (
	`inbox_id` text NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`inbox_id`, `name`)
);
--> statement-breakpoint
CREATE TABLE `mails` (
	`message_id` text PRIMARY KEY NOT NULL,
	`conversation_id` text NOT NULL,
	`inbox_id` text NOT NULL,
	`internet_id` text,
	`references_chain` text NOT NULL,
	`participants` text NOT NULL,
	`content_hash` text,
	`html` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`message_id`) REFERENCES `messages`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mails_content_uq` ON `mails` (`content_hash`) WHERE "mails"."content_hash" is not null;--> statement-breakpoint
CREATE INDEX `mails_internet_ix` ON `mails` (`inbox_id`,`internet_id`) WHERE "mails"."internet_id" is not null;--> statement-breakpoint
CREATE INDEX `mails_conversation_ix` ON `mails` (`conversation_id`,`message_id`);--> statement-breakpoint
ALTER TABLE `messages` ADD `mail` text;