using System.Text;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Directory.Import;

/// <summary>What the tests of files of users ask again and again.</summary>
public abstract class ImportTest(TestIdentityProvider server) : DirectoryTest(server)
{
    private static readonly EventActor s_host = new(null, "test");

    private protected const string Header = "FirstName,LastName,Username,Password,Email";

    private protected async Task<UserImport> CheckAsync(
        string file,
        bool update = false,
        bool mail = false,
        EventActor? by = null,
        Encoding? encoding = null
    )
    {
        using var content = new MemoryStream((encoding ?? Encoding.UTF8).GetBytes(file));
        var begun = await BeginAsync(content, update, mail, by);
        await RunAsync();
        return await ImportAsync(begun!.Id);
    }

    private protected Task<UserImport?> BeginAsync(
        Stream content,
        bool update = false,
        bool mail = false,
        EventActor? by = null
    ) =>
        Server.AskAsync<UserImports, UserImport?>(async imports =>
            (await imports.BeginAsync("users.csv", content, update, mail, by ?? s_host, Ct)).Value
        );

    private protected async Task<UserImport> ImportAsync(
        string file,
        bool update = false,
        bool mail = false,
        EventActor? by = null
    )
    {
        var import = await CheckAsync(file, update, mail, by);
        await SayYesAsync(import, by);
        await RunAsync();
        return await ImportAsync(import.Id);
    }

    private protected Task<bool> SayYesAsync(UserImport import, EventActor? by = null) =>
        Server.AskAsync<UserImports, bool>(imports =>
            imports.ImportAsync(import.Id, by ?? s_host, Ct)
        );

    private protected static EventActor Acting(User user) => new(user.Id, user.Username);

    private protected Task RunAsync() => Server.Service<ImportRunner>().RunAsync(Ct);

    /// <summary>What an import is moved on by, with another clock or with something that happens whenever it turns to the database.</summary>
    private protected ImportRunner Runner(
        TimeProvider? clock = null,
        IDbContextFactory<LatchkeyDbContext>? databases = null
    ) =>
        new(
            databases ?? Server.Service<IDbContextFactory<LatchkeyDbContext>>(),
            Server.Service<ImportFile>(),
            Server.Service<IServiceScopeFactory>(),
            clock ?? Server.Clock
        );

    private protected async Task<int> CountAsync(string prefix)
    {
        await using var db = Server.Open();
        return await db.Users.CountAsync(u => u.Username.StartsWith(prefix + "-"), Ct);
    }

    private protected static (string Prefix, string File) Many(
        int count,
        string columns = "Username,Email",
        string rest = ""
    )
    {
        var prefix = NewName("many");
        var rows = Enumerable
            .Range(0, count)
            .Select(i => $"{prefix}-{i},{prefix}-{i}@example.test{rest}\n");
        return (prefix, columns + "\n" + string.Concat(rows));
    }

    private protected async Task<UserImport> ImportAsync(Guid id) =>
        (await Server.AskAsync<UserImports, UserImport?>(imports => imports.FindAsync(id, Ct)))!;

    private protected async Task<List<string>> ProblemsAsync(UserImport import) =>
        [
            .. (
                await Server.AskAsync<UserImports, IReadOnlyList<UserImportProblem>>(imports =>
                    imports.ProblemsAsync(import.Id, 100, Ct)
                )
            ).Select(p => $"{p.Line} {p.ColumnName} {p.Code}"),
        ];

    private protected Task<User?> FindAsync(string username) =>
        Server.AskAsync<UserService, User?>(users => users.FindByUsernameAsync(username, Ct));
}

/// <summary>Something happens each time before the database is turned to.</summary>
internal sealed class Between(IDbContextFactory<LatchkeyDbContext> databases, Func<Task> what)
    : IDbContextFactory<LatchkeyDbContext>
{
    public LatchkeyDbContext CreateDbContext() => databases.CreateDbContext();

    public async Task<LatchkeyDbContext> CreateDbContextAsync(
        CancellationToken cancellationToken = default
    )
    {
        await what();
        return await databases.CreateDbContextAsync(cancellationToken);
    }
}

/// <summary>Something happens each time somebody looks at the clock.</summary>
internal sealed class AtEachLook(TimeProvider clock, Func<Task> what) : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        Task.Run(what).GetAwaiter().GetResult();
        return clock.GetUtcNow();
    }
}
