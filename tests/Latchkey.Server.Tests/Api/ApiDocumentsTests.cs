using Latchkey.Cli;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Tests.Storage;
using Latchkey.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Api;

/// <summary>The reference pages say what there is, and nothing else.</summary>
public sealed class ApiDocumentsTests(SqliteDatabase database)
    : ApiTest(database),
        IClassFixture<SqliteDatabase>
{
    [Fact]
    public void Every_call_has_its_row_with_its_scope_and_no_row_is_left_over()
    {
        var rows = Text("api.md")
            .Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => string.Join('|', line.Split('|').Take(3)));

        var calls = Server
            .Services.GetRequiredService<ApiOperations>()
            .All.Select(o => $"| `{o.Method} {o.Path}` | `{o.Operation.Scope}` ");

        rows.Order(StringComparer.Ordinal).ShouldBe(calls.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_scope_is_named()
    {
        var text = Text("api.md");

        ApiScopes.All.Where(scope => !text.Contains($"`{scope}`")).ShouldBeEmpty();
    }

    [Fact]
    public void Every_command_that_calls_a_server_is_named_with_its_options()
    {
        var text = Text("cli.md") + Text("apply.md");
        foreach (var command in CommandLine.Build().Subcommands.Where(c => c.Name != "saml"))
        {
            foreach (var one in command.Subcommands.DefaultIfEmpty(command))
            {
                text.ShouldContain(one == command ? command.Name : $"{command.Name} {one.Name}");
                foreach (var option in one.Options.Where(o => !o.Hidden && o.Name != "--help"))
                {
                    text.ShouldContain(option.Name, customMessage: $"{command.Name} {one.Name}");
                }
            }
        }
    }

    private static string Text(string page) =>
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference", page));
}
