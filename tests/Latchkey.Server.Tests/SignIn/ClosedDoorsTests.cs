using System.Text.RegularExpressions;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.SignIn;

public sealed class ClosedDoorsTests(SqliteIdentityProvider server)
    : IClassFixture<SqliteIdentityProvider>
{
    private IEnumerable<RouteEndpoint> Routes =>
        server
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(s => s.Endpoints)
            .OfType<RouteEndpoint>();

    [Fact]
    public void Every_address_below_admin_is_for_administrators_only()
    {
        var open = Routes
            .Where(r => Access.IsAdminPath(r.RoutePattern.RawText ?? ""))
            .Where(r =>
                r.Metadata.GetMetadata<IAllowAnonymous>() is not null
                || !r
                    .Metadata.GetOrderedMetadata<IAuthorizeData>()
                    .Any(a => a.Policy == Access.Administrator)
            )
            .Select(r => r.RoutePattern.RawText);
        open.ShouldBeEmpty();
    }

    [Fact]
    public void Every_address_says_who_may_use_it()
    {
        var silent = Routes
            .Where(r =>
                r.Metadata.GetMetadata<IAllowAnonymous>() is null
                && r.Metadata.GetMetadata<IAuthorizeData>() is null
            )
            .Select(r => r.RoutePattern.RawText);
        silent.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_page_below_admin_opens_for_a_stranger_or_a_plain_user()
    {
        await AdministratorAsync();
        var stranger = server.NewBrowser();
        var user = await server.SignedInAsync(await server.AddUserAsync());
        foreach (var path in AdminPaths())
        {
            (await stranger.OpenAsync(path)).Address.ShouldStartWith("/sign-in?return=");
            ((int)(await user.OpenAsync(path)).Status).ShouldBe(403);
        }
    }

    [Fact]
    public async Task A_user_who_is_no_administrator_gets_no_admin_page()
    {
        await AdministratorAsync();
        var browser = await server.SignedInAsync(await server.AddUserAsync());
        var page = await browser.OpenAsync("/admin/users");
        ((int)page.Status).ShouldBe(403);
    }

    [Fact]
    public async Task No_page_below_admin_takes_anything_from_an_auditor()
    {
        await AdministratorAsync();
        var auditor = await server.SignedInAsync(
            await server.AddUserAsync(u => u.Role = Role.Auditor)
        );
        // What is only asked by a form, such as a comparison, changes nothing.
        var changing = AdminPaths()
            .Where(path => !RoleTable.May(Role.Auditor, AdminDoors.Needed(path, "POST", null)));
        foreach (var path in changing)
        {
            var answer = await auditor.PostAsync(
                path,
                new Dictionary<string, string>(),
                "same-origin"
            );
            // A download takes nothing from anybody.
            ((int)answer.Status).ShouldBeOneOf(403, 405);
        }
    }

    [Theory]
    [InlineData("Administrator")]
    [InlineData("HelpDesk")]
    [InlineData("Auditor")]
    [Trait("Rule", "S2-03")]
    public async Task Each_page_below_admin_opens_to_whom_the_table_says(string name)
    {
        await AdministratorAsync();
        var role = Enum.Parse<Role>(name);
        var browser = await server.SignedInAsync(await server.AddUserAsync(u => u.Role = role));
        foreach (var path in AdminPaths())
        {
            var may = RoleTable.May(role, AdminDoors.Needed(path, "GET", null));
            ((int)(await browser.OpenAsync(path)).Status != 403).ShouldBe(may, path);
        }
    }

    [Fact]
    public async Task A_stranger_is_sent_to_sign_in_and_back()
    {
        await AdministratorAsync();
        var page = await server.NewBrowser().OpenAsync("/admin/users?q=a");
        page.Address.ShouldBe("/sign-in?return=%2Fadmin%2Fusers%3Fq%3Da");
    }

    [Fact]
    public async Task An_administrator_gets_in()
    {
        var browser = await server.SignedInAsync(await AdministratorAsync());
        (await browser.OpenAsync("/admin/users")).Address.ShouldBe("/admin/users");
    }

    /// <summary>Without one, every address below /admin leads to the setup page.</summary>
    private Task<Latchkey.Server.Directory.User> AdministratorAsync() =>
        server.AddUserAsync(u => u.Role = Role.Owner);

    private IEnumerable<string> AdminPaths() =>
        Routes
            .Select(r => "/" + (r.RoutePattern.RawText ?? "").TrimStart('/'))
            .Where(Access.IsAdminPath)
            .Select(p =>
                Regex.Replace(p, "\\{[^}]*\\}", Guid.Empty.ToString(), RegexOptions.None, Patience)
            )
            .Distinct(StringComparer.Ordinal);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
}
