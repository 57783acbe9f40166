using System.Text;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Directory.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory.Import;

/// <summary>All users as a file.</summary>
public abstract class UserExportTests(TestIdentityProvider server) : ImportTest(server)
{
    [Fact]
    public async Task An_export_that_is_broken_off_is_told_by_an_event()
    {
        await AddAsync();
        var before = await CountEventsAsync();
        await Server.AskAsync<UserImports, object?>(async imports =>
        {
            var page = new UserExportModel(Server.Service<UserExport>(), imports, Server.Clock)
            {
                PageContext = new PageContext { HttpContext = new DefaultHttpContext() },
            };
            page.Response.Body = new ClosedStream();
            await Should.ThrowAsync<IOException>(() => page.OnGetAsync(Ct));
            return null;
        });
        (await CountEventsAsync()).ShouldBe(before + 1);
    }

    [Theory]
    [InlineData("'=2+3")]
    [InlineData("''-x")]
    [InlineData("=2+3")]
    [InlineData("'quoted'")]
    public async Task A_value_with_an_apostrophe_comes_back_as_it_went_out(string value)
    {
        var user = await AddAsync(Somebody() with { Department = value });
        var file = await ExportAsync();
        await UsersAsync(users =>
            users.UpdateAsync(user.Id, UserInput.From(user) with { Department = "x" }, null, Ct)
        );
        await ImportAsync(file, update: true);
        (await FindAsync(user)).Department.ShouldBe(value);
    }

    [Fact]
    [Trait("Rule", "J-102")]
    public async Task Addresses_and_phone_numbers_come_back_as_they_went_out()
    {
        var contacts = Somebody() with
        {
            Addresses =
            [
                new("work", "1 High Street\nFloor 2", "Town", "North", "N1", "GB"),
                new("home", null, "Village", null, null, null),
                new("work", "2 Low Street", null, null, null, null),
            ],
            PhoneNumbers = [new("mobile", "+44 1"), new("fax", "-2")],
        };
        var user = await AddAsync(contacts);
        var file = await ExportAsync();
        var bare = UserInput.From(user) with { Addresses = [], PhoneNumbers = [] };
        Made(await UsersAsync(users => users.UpdateAsync(user.Id, bare, null, Ct)));

        await ImportAsync(file, update: true);

        var after = await FindAsync(user);
        after.Addresses.ShouldBe(contacts.Addresses);
        after.PhoneNumbers.ShouldBe(contacts.PhoneNumbers);
    }

    [Fact]
    [Trait("Rule", "J-102")]
    public async Task A_column_may_say_the_kind_and_what_the_file_does_not_name_stays()
    {
        var user = await AddAsync(
            Somebody() with
            {
                Addresses = [new("home", "Old", null, null, null, null)],
                PhoneNumbers = [new("mobile", "1"), new("work", "2")],
            }
        );
        await ImportAsync(
            "Username,Email,work_streetAddress,work_postalCode,work_number,mobile_number\n"
                + $"{user.Username},{user.Email},New,N2,3,\n",
            update: true
        );

        var after = await FindAsync(user);
        after.Addresses.ShouldBe([
            new("home", "Old", null, null, null, null),
            new("work", "New", null, null, "N2", null),
        ]);
        after.PhoneNumbers.ShouldBe([new("work", "3")]);
    }

    [Fact]
    public async Task Many_users_stand_in_the_file_once_each_in_the_order_of_their_names()
    {
        var (prefix, file) = Many(1100);
        await ImportAsync(file);
        var names = (await ExportAsync())
            .Split("\r\n")
            .Select(line => line.Split(',').ElementAtOrDefault(2) ?? "")
            .Where(name => name.StartsWith(prefix + "-", StringComparison.Ordinal))
            .ToList();
        names.Count.ShouldBe(1100);
        names.ShouldBe(names.Distinct().Order(StringComparer.OrdinalIgnoreCase));
    }

    private async Task<string> ExportAsync()
    {
        using var to = new MemoryStream();
        await Server.Service<UserExport>().WriteAsync(to, Ct);
        return Encoding.UTF8.GetString(to.ToArray());
    }

    private async Task<int> CountEventsAsync()
    {
        await using var db = Server.Open();
        return await db.Events.CountAsync(e => e.Type == "user_export", Ct);
    }

    /// <summary>Whoever asked has gone.</summary>
    private sealed class ClosedStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException();

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        ) => throw new IOException();
    }
}

public sealed class UserExportsOnSqlite(SqliteIdentityProvider server)
    : UserExportTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class UserExportsOnPostgreSql(PostgreSqlIdentityProvider server)
    : UserExportTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
