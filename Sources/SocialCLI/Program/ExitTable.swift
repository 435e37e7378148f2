// The one table from error codes to exit statuses. A test makes sure that each code of each room stands here.

/// Exit statuses, and the table that assigns them.
package enum ExitTable {
    /// Done, also when there was nothing to do.
    package static let done: Int32 = 0
    /// The answer is no: a predicate is false, differences or damage were found.
    package static let no: Int32 = 1
    /// A usage error.
    package static let usage: Int32 = 64
    /// Bad data.
    package static let badData: Int32 = 65
    /// No such input file or data directory.
    package static let noInput: Int32 = 66
    /// The named thing does not exist.
    package static let notFound: Int32 = 67
    /// A needed tool or server is not there.
    package static let unavailable: Int32 = 69
    /// A bug.
    package static let bug: Int32 = 70
    /// Cannot create: taken, or the target is not empty.
    package static let cannotCreate: Int32 = 73
    /// An I/O error or a full disk.
    package static let inputOutput: Int32 = 74
    /// Busy, or the outcome is unknown: try again.
    package static let tryAgain: Int32 = 75
    /// The data directory is newer than this program.
    package static let newer: Int32 = 76
    /// Permission denied.
    package static let permission: Int32 = 77
    /// Bad configuration.
    package static let configuration: Int32 = 78

    /// The exit status of an error code.
    package static let statuses: [String: Int32] = [
        // Storage
        "io_error": inputOutput, "disk_full": inputOutput, "busy": tryAgain, "permission_denied": permission,
        "no_data_directory": noInput, "newer_format": newer, "damaged": inputOutput, "not_empty": cannotCreate,
        "no_such_file": noInput, "quorum_lost": tryAgain, "outcome_unknown": tryAgain, "superseded": permission,
        "unreachable": unavailable, "serialization_failure": tryAgain,
        "bad_object_store": usage, "no_credentials": configuration, "object_store_refused": permission,
        "object_store_unreachable": tryAgain, "object_store_failed": unavailable, "no_such_bucket": notFound,
        // Store
        "slot_moved": tryAgain, "shard_removed": tryAgain, "handle_taken": cannotCreate, "handle_claimed": tryAgain,
        "rename_called_off": tryAgain, "is_repost": badData, "row_differs": cannotCreate, "older_format": tryAgain,
        "key_reused": cannotCreate, "no_such_account": notFound, "no_such_post": notFound, "no_such_media": notFound,
        "not_the_author": permission, "clock_ahead": tryAgain, "bad_time": badData,
        "invalid_address": usage, "no_postgresql": unavailable, "on_server": unavailable,
        "not_on_server": unavailable, "no_logical_log": unavailable,
        // Shards
        "bad_setting": usage, "no_such_setting": notFound, "no_such_shard": notFound, "last_shard": cannotCreate,
        "too_many_shards": cannotCreate, "bad_quorum": usage, "no_such_replica": notFound,
        // Events
        "cursor_expired": badData,
        // Accounts, Graph, Posts
        "no_such_user": notFound, "too_long": badData, "bad_field": badData, "follows_itself": badData,
        "concerns_itself": badData, "blocked": permission, "empty_text": badData, "text_too_long": badData,
        "bad_text": badData, "bad_key": usage, "accounts_changed": cannotCreate, "no_archive": badData,
        // Media, Tools
        "bad_media": badData, "bad_name": badData, "bad_file": badData, "bad_caption": badData,
        "caption_too_long": badData, "not_media": badData, "file_too_large": badData, "no_tool": unavailable,
        "tool_failed": inputOutput,
        // Video
        "bad_film": badData, "not_aligned": badData, "not_cut": notFound,
        // Search
        "query_empty": usage, "query_unclosed_quote": usage, "query_unclosed_parenthesis": usage,
        "query_stray_parenthesis": usage, "query_missing_operand": usage, "query_bad_value": usage,
        "query_repeated": usage, "query_only_exclusions": usage, "query_other_source": usage, "query_too_large": usage,
        // Analytics
        "bad_access": badData, "source_busy": tryAgain,
        // Queue, Services
        "no_such_topic": notFound, "no_such_consumer": notFound, "no_such_message": notFound, "bad_topic": usage,
        "bad_message": badData, "lease_lost": tryAgain, "bad_service": badData, "no_such_instance": notFound,
        "none_alive": unavailable,
        // Server
        "no_server": unavailable, "cannot_listen": unavailable, "bad_request": badData, "no_such_path": notFound,
        "bad_method": usage, "unknown_parameter": usage, "bad_parameter": usage, "unauthorized": permission,
        "forbidden": permission, "foreign_origin": permission, "body_too_large": badData, "head_too_large": badData,
        "too_many_requests": tryAgain, "overloaded": tryAgain, "too_slow": tryAgain, "stopping": tryAgain,
        "elsewhere": unavailable, "unsatisfiable_range": badData, "item_not_found": notFound,
        // Maintenance
        "bad_fixture": usage, "other_placement": badData, "has_records": badData, "no_backups": noInput,
        "no_such_backup": notFound, "damaged_backup": inputOutput,
        // Formats
        "syntax": badData, "duplicate_key": badData, "invalid_utf8": badData, "out_of_range": badData,
        "binary": badData, "source": inputOutput, "unknown_field": usage,
        // Command line
        "unknown_command": usage, "missing_verb": usage, "unknown_option": usage, "missing_value": usage,
        "unexpected_value": usage, "invalid_value": usage, "missing_operand": usage, "unexpected_operand": usage,
        "conflict": usage, "declined": no, "invalid_configuration": configuration, "undeclared": bug,
    ]
}
