CREATE TABLE `search_documents` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`conversation_id` text,
	`author_id` text,
	`print` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `search_documents_subject_uq` ON `search_documents` (`subject_id`,`kind`);--> statement-breakpoint
CREATE INDEX `search_documents_at_ix` ON `search_documents` (`at`,`id`);--> statement-breakpoint
CREATE TABLE `search_fill` (
	`id` text PRIMARY KEY NOT NULL,
	`stage` text NOT NULL,
	`after_id` text NOT NULL,
	`from_seq` integer NOT NULL
);
