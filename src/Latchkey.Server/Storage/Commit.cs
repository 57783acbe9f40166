using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.SingleSignOn;

namespace Latchkey.Server.Storage;

/// <summary>What must be on the disk before an answer leaves: written whole or not at all.</summary>
internal sealed record Commit
{
    public IReadOnlyList<Event> Events { get; init; } = [];

    /// <summary>The service provider that joins the session.</summary>
    public SessionParticipant? Participant { get; init; }

    /// <summary>The request this answers; if it was answered before, nothing of this commit is written.</summary>
    public AnsweredRequest? Answered { get; init; }
}

/// <param name="AlreadyAnswered">The request had been answered before: nothing was written, and no Response may leave.</param>
internal sealed record CommitResult(bool AlreadyAnswered)
{
    public static readonly CommitResult Written = new(AlreadyAnswered: false);
    public static readonly CommitResult Repeated = new(AlreadyAnswered: true);
}

/// <summary>Writes several commits as one transaction of one engine.</summary>
internal interface ICommitWriter : IAsyncDisposable
{
    /// <summary>On return everything is durable; the results are in the order of the commits. When it throws, nothing was written.</summary>
    Task<CommitResult[]> WriteAsync(IReadOnlyList<Commit> commits);
}
