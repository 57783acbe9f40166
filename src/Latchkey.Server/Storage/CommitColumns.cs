namespace Latchkey.Server.Storage;

/// <summary>The tables that are written without EF Core, for speed; a test holds these lists against the model.</summary>
internal sealed record CommitColumns(string Table, params string[] Columns)
{
    public static readonly CommitColumns AnsweredRequests = new(
        "answered_requests",
        "application_id",
        "request_id",
        "expires_at"
    );

    public static readonly CommitColumns SessionParticipants = new(
        "session_participants",
        "id",
        "session_id",
        "application_id",
        "sp_entity_id",
        "session_index",
        "name_id",
        "name_id_format",
        "name_qualifier",
        "sp_name_qualifier",
        "created_at"
    );

    public static readonly CommitColumns Events = new(
        "events",
        "id",
        "at",
        "type",
        "success",
        "reference_code",
        "finding_code",
        "actor_id",
        "actor_name",
        "target_type",
        "target_id",
        "target_name",
        "application_id",
        "client_ip",
        "user_agent",
        "details"
    );
}
