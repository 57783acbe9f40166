using System.Text;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Insights;

namespace Latchkey.Server.Tests.Directory.Import;

/// <summary>What the tests of files of users ask again and again.</summary>
public abstract class ImportTest(TestIdentityProvider server) : DirectoryTest(server)
{
    private protected const string Header = "FirstName,LastName,Username,Password,Email";

    private protected async Task<UserImport> CheckAsync(
        string file,
        bool update = false,
        bool mail = false
    )
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(file));
        var begun = await BeginAsync(content, update, mail);
        await RunAsync();
        return await ImportAsync(begun!.Id);
    }

    private protected Task<UserImport?> BeginAsync(
        Stream content,
        bool update = false,
        bool mail = false
    ) =>
        Server.AskAsync<UserImports, UserImport?>(async imports =>
            (
                await imports.BeginAsync(
                    "users.csv",
                    content,
                    update,
                    mail,
                    new EventActor(null, "test"),
                    Ct
                )
            ).Value
        );

    private protected async Task<UserImport> ImportAsync(
        string file,
        bool update = false,
        bool mail = false
    )
    {
        var import = await CheckAsync(file, update, mail);
        await Server.AskAsync<UserImports, bool>(imports => imports.ImportAsync(import.Id, Ct));
        await RunAsync();
        return await ImportAsync(import.Id);
    }

    private protected Task RunAsync() => Server.Service<ImportRunner>().RunAsync(Ct);

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
