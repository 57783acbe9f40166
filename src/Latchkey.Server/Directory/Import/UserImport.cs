using Latchkey.Server.Insights;

namespace Latchkey.Server.Directory.Import;

/// <summary>A file of users on its way into the directory: first checked from end to end, then, if somebody says so, imported batch by batch. How far it is stands here, so that any node can go on.</summary>
internal sealed class UserImport
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string FileName { get; init; }
    public ImportState State { get; set; } = ImportState.Uploading;

    /// <summary>Whether users who exist are changed; otherwise their rows are left out.</summary>
    public bool UpdateExisting { get; init; }

    /// <summary>Whether new users who are active and have no password are invited by mail (J-103).</summary>
    public bool SendMail { get; init; }

    /// <summary>Rows of users in the file, as counted by the check.</summary>
    public int Rows { get; set; }

    /// <summary>How many of them are behind us. Two nodes cannot both move it on from the same place.</summary>
    public int RowsDone { get; set; }

    public int Created { get; set; }
    public int Updated { get; set; }

    /// <summary>Rows that were, or will be, left out.</summary>
    public int Refused { get; set; }

    /// <summary>How many problems there are; of each row at least the first is kept.</summary>
    public int Problems { get; set; }

    public Guid? StartedById { get; init; }
    public required string StartedByName { get; init; }

    /// <summary>Who said yes to it; null until somebody does.</summary>
    public string? ApprovedByName { get; set; }

    public Guid? ApprovedById { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Until when a node may be thought to work on it.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>How often it was taken up since it last got on: one that always breaks at the same place is given up.</summary>
    public int Takes { get; set; }

    /// <summary>In whose name it is done, and with whose rights.</summary>
    public EventActor By() =>
        ApprovedByName is { } approver
            ? new EventActor(ApprovedById, approver)
            : new EventActor(StartedById, StartedByName);

    public bool IsRunning =>
        State
            is ImportState.Uploading
                or ImportState.Checking
                or ImportState.Importing
                or ImportState.Linking;
}

internal enum ImportState
{
    /// <summary>Its pieces are being stored; nobody may take them for the whole file.</summary>
    Uploading,

    /// <summary>The dry run.</summary>
    Checking,

    /// <summary>Waits for somebody to say yes.</summary>
    Checked,
    Importing,

    /// <summary>Everybody is there; now managers, who may stand below their people, are set.</summary>
    Linking,
    Done,

    /// <summary>The file cannot be read as users.</summary>
    Refused,

    /// <summary>Over before its end: somebody stopped it, or it could not go on. Who was in by then stays.</summary>
    Stopped,
}

/// <summary>That a user who came in gets a manager, who may come in later. Gone when the import is over.</summary>
internal sealed class UserImportLink
{
    public required Guid ImportId { get; init; }

    /// <summary>The row's number.</summary>
    public required int Row { get; init; }

    public required int Line { get; init; }
    public required string ColumnName { get; init; }
    public required Guid UserId { get; init; }

    /// <summary>The manager's user name.</summary>
    public required string Manager { get; init; }
}

/// <summary>A piece of the file, encrypted: it may hold passwords. Gone when the import is over.</summary>
internal sealed class UserImportChunk
{
    public required Guid ImportId { get; init; }
    public required int Number { get; init; }
    public required byte[] Content { get; init; }
}

/// <summary>What is wrong at one place of the file.</summary>
internal sealed class UserImportProblem
{
    public required Guid ImportId { get; init; }
    public required int Number { get; init; }

    /// <summary>Counted from 1, the header included; 0 for what no line is to blame for.</summary>
    public required int Line { get; init; }

    /// <summary>The column's name as the file has it; empty for the whole row.</summary>
    public required string ColumnName { get; init; }

    /// <summary>The code of the problem's text.</summary>
    public required string Code { get; init; }

    public required IReadOnlyList<string> Args { get; init; }
}
