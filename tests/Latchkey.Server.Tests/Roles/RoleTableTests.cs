using Latchkey.Server.Roles;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Roles;

/// <summary>Which role may do what, as the table says it.</summary>
public sealed class RoleTableTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    [Fact]
    public void An_owner_may_do_everything() =>
        Enum.GetValues<Capability>().ShouldAllBe(c => RoleTable.May(Role.Owner, c));

    [Fact]
    public void Nobody_without_a_role_may_do_anything() =>
        Enum.GetValues<Capability>().ShouldAllBe(c => !RoleTable.May(null, c));

    [Fact]
    public void Only_owners_give_roles() =>
        RoleNames
            .All.Where(role => RoleTable.May(role, Capability.GrantRoles))
            .ShouldBe([Role.Owner]);

    [Fact]
    public void An_auditor_only_reads() =>
        Enum.GetValues<Capability>()
            .Where(c => RoleTable.May(Role.Auditor, c))
            .ShouldBe([
                Capability.OpenAdmin,
                Capability.ReadUsers,
                Capability.ReadEvents,
                Capability.ReadAll,
            ]);

    [Theory]
    [InlineData("HelpDesk", "Owner", false)]
    [InlineData("HelpDesk", "Administrator", false)]
    [InlineData("HelpDesk", "Auditor", false)]
    [InlineData("HelpDesk", "HelpDesk", true)]
    [InlineData("HelpDesk", null, true)]
    [InlineData("Administrator", "Owner", false)]
    [InlineData("Administrator", "Administrator", true)]
    [InlineData("Administrator", "Auditor", true)]
    [InlineData("Owner", "Owner", true)]
    [InlineData(null, "HelpDesk", false)]
    public void An_account_is_changed_only_by_those_who_may_do_all_it_may(
        string? acting,
        string? account,
        bool may
    ) => RoleTable.MayTouch(Read(acting), Read(account)).ShouldBe(may);

    [Theory]
    [InlineData("/admin/a-page-of-tomorrow", "GET", "ReadAll")]
    [InlineData("/admin/a-page-of-tomorrow", "POST", "ChangeAll")]
    [InlineData("/admin/users/1/a-page-of-tomorrow", "POST", "ChangeAll")]
    [InlineData("/admin/certificates/new", "GET", "ChangeAll")]
    [InlineData("/ADMIN/Users/1/Delete/", "GET", "ChangeAll")]
    [InlineData("/admin/users/1", "DELETE", "ChangeAll")]
    public void An_address_that_nobody_named_is_closed(
        string path,
        string method,
        string capability
    ) => AdminDoors.Needed(path, method, null).ToString().ShouldBe(capability);

    [Theory]
    [InlineData("/admin/users/1", "unlock", "HelpUsers")]
    [InlineData("/admin/users/1", "role", "GrantRoles")]
    [InlineData("/admin/users/1", "Leave", "ChangeAll")]
    [InlineData("/admin/users/1", "Unlock,Leave", "ChangeAll")]
    // Razor Pages runs the plain handler where there is none of that name.
    [InlineData("/admin/users/1/password", "Unlock", "ChangeAll")]
    [InlineData("/admin/users/1/anything", "Unlock", "ChangeAll")]
    [InlineData("/admin/users", "Unlock", "ChangeAll")]
    public void A_handler_is_of_its_own_page_alone(
        string path,
        string handler,
        string capability
    ) => AdminDoors.Needed(path, "POST", handler).ToString().ShouldBe(capability);

    /// <summary>A handler that is named in the list and not on the page would open the page's plain handler.</summary>
    [Fact]
    public async Task Every_handler_of_the_list_is_on_its_page()
    {
        var pages = host
            .Services.GetRequiredService<IActionDescriptorCollectionProvider>()
            .ActionDescriptors.Items.OfType<PageActionDescriptor>()
            .ToList();
        var loader = host.Services.GetRequiredService<PageLoader>();
        var missing = new List<string>();
        foreach (var door in AdminDoors.All.Where(door => door.Handlers.Count > 0))
        {
            var template = "admin/" + door.Path.Replace("*", "{id:guid}", StringComparison.Ordinal);
            var page = await loader.LoadAsync(
                pages.Single(p => p.AttributeRouteInfo!.Template == template),
                new(pages[0].EndpointMetadata!)
            );
            missing.AddRange(
                door.Handlers.Keys.Where(name =>
                        !page.HandlerMethods.Any(m => m.HttpMethod == "Post" && m.Name == name)
                    )
                    .Select(name => $"{template}: {name}")
            );
        }
        missing.ShouldBeEmpty();
    }

    private static Role? Read(string? name) => name is null ? null : Enum.Parse<Role>(name);
}
