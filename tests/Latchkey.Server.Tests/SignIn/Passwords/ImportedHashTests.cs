using System.Security.Cryptography;
using System.Text;
using Latchkey.Server.Directory;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SignIn.Passwords.Imported;
using Latchkey.Server.Tests.Directory;
using Latchkey.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Latchkey.Server.Tests.SignIn.Passwords;

/// <summary>Hashes of other systems are read by their own forms and checked as those systems do.</summary>
public sealed class ImportedHashTests
{
    private const string Password = "correct horse battery";

    private static ImportedHash Read(string text)
    {
        var read = ImportedHash.Read(text, "password_hash");
        read.Problems.ShouldBeEmpty();
        return read.Value!;
    }

    private static string? Refusal(string text) =>
        ImportedHash.Read(text, "password_hash").Problems.SingleOrDefault()?.Code;

    [Theory]
    [InlineData("a")]
    [InlineData(Password)]
    [InlineData("pässwörter mit ümlauten")]
    [InlineData("exactly-sixty-four-characters-0123456789-0123456789-0123456789-01")]
    [InlineData(
        "more than one hundred and twenty-eight bytes, so that the digest of a password is used several times over, and then some more of it"
    )]
    public async Task SHA_512_crypt_agrees_with_OpenSSL(string password)
    {
        foreach (var salt in (string[])["x", "abcdefgh", "sixteencharacter"])
        {
            var hash = Read(await OpensslAsync(password, salt));
            hash.Verify(password).ShouldBeTrue();
            hash.Verify(password + "x").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task SHA_512_crypt_with_rounds_of_its_own_agrees_with_OpenSSL()
    {
        var hash = Read(await OpensslAsync(Password, "rounds=1234$saltsalt"));
        hash.Shape.ShouldBe("sha512crypt-1234");
        hash.Verify(Password).ShouldBeTrue();
    }

    [Theory]
    [InlineData('a')]
    [InlineData('b')]
    [InlineData('y')]
    public void Bcrypt_is_read_in_its_forms(char revision)
    {
        var made = BCrypt.Net.BCrypt.HashPassword(
            Password,
            BCrypt.Net.BCrypt.GenerateSalt(4, revision)
        );
        var hash = Read(made);
        hash.Shape.ShouldBe("bcrypt-4");
        hash.Verify(Password).ShouldBeTrue();
        hash.Verify("another").ShouldBeFalse();
    }

    [Theory]
    [InlineData("sha1", 20)]
    [InlineData("sha256", 32)]
    [InlineData("sha512", 64)]
    public void PBKDF2_is_read_as_Django_and_as_passlib_write_it(string name, int length)
    {
        var algorithm = new HashAlgorithmName(name.ToUpperInvariant());
        var salt = "c2FsdHNhbHQ";
        var django = Convert.ToBase64String(
            Rfc2898DeriveBytes.Pbkdf2(
                Password,
                Encoding.UTF8.GetBytes(salt),
                1000,
                algorithm,
                length
            )
        );
        var passlib = Convert
            .ToBase64String(
                Rfc2898DeriveBytes.Pbkdf2(
                    Password,
                    Convert.FromBase64String(salt + "="),
                    1000,
                    algorithm,
                    length
                )
            )
            .TrimEnd('=')
            .Replace('+', '.');
        string[] forms =
        [
            $"pbkdf2_{name}$1000${salt}${django}",
            $"$pbkdf2-{name}$1000${salt}${passlib}",
            $"$pbkdf2-{name}$i=1000,l={length}${salt}${passlib}",
        ];
        foreach (var form in forms)
        {
            Read(form).Verify(Password).ShouldBeTrue(form);
            Read(form).Verify("another").ShouldBeFalse(form);
        }
    }

    [Fact]
    public void The_hashes_of_ASP_NET_Core_Identity_are_read()
    {
        var hasher = new PasswordHasher<User>(
            Options.Create(new PasswordHasherOptions { IterationCount = 1000 })
        );
        var hash = Read(hasher.HashPassword(null!, Password));
        hash.Shape.ShouldBe("identity-sha512-32-1000");
        hash.Verify(Password).ShouldBeTrue();
        hash.Verify("another").ShouldBeFalse();
    }

    [Theory]
    [InlineData("$2b$31$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcde")]
    [InlineData(
        "$6$rounds=999999999$salt$......................................................................................"
    )]
    [InlineData("pbkdf2_sha256$2000001$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void A_hash_that_would_keep_the_server_busy_is_refused(string text) =>
        Refusal(text).ShouldBe("password-hash-cost");

    [Theory]
    [InlineData("")]
    [InlineData("5f4dcc3b5aa765d61d8327deb882cf99")]
    [InlineData("$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/")]
    [InlineData("$2b$xx$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcde")]
    [InlineData("pbkdf2_sha256$1000$salt$AAAA")]
    [InlineData("$6$$hFDit")]
    public void Anything_else_is_refused(string text) =>
        Refusal(text).ShouldBe("password-hash-unknown");

    [Theory]
    [InlineData("bcrypt-4")]
    [InlineData("sha512crypt-1000")]
    [InlineData("pbkdf2-sha256-32-1000")]
    [InlineData("identity-sha512-32-1000")]
    public void A_shape_makes_a_hash_of_itself_that_no_password_fits(string shape)
    {
        var hash = ImportedHash.OfShape(shape);
        hash.Shape.ShouldBe(shape);
        hash.Verify(Password).ShouldBeFalse();
    }

    private static async Task<string> OpensslAsync(string password, string salt)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("password");
        await File.WriteAllTextAsync(file, password, new UTF8Encoding(false));
        return (
            await ChildProcess.RunAsync(
                "openssl",
                ["passwd", "-6", "-salt", salt, "-in", file],
                folder.Path
            )
        ).Trim();
    }
}

/// <summary>Users who came with another system's hash sign in, and have ours afterwards.</summary>
public abstract class ImportedUserTests(TestIdentityProvider server) : DirectoryTest(server)
{
    private const string Password = "correct horse battery";

    private static readonly SignInOrigin s_here = new(null);

    private PasswordService Passwords => Server.Service<PasswordService>();

    private static string Bcrypt() => BCrypt.Net.BCrypt.HashPassword(Password, 4);

    [Fact]
    public async Task The_first_sign_in_puts_our_own_hash_in_its_place()
    {
        var user = await AddAsync(Somebody() with { PasswordHash = Bcrypt() });
        user.PasswordFormat.ShouldBe("bcrypt-4");
        (await Passwords.VerifyAsync(user.Username, "wrong", s_here, Ct)).Verdict.ShouldBe(
            PasswordVerdict.Wrong
        );
        (await Passwords.VerifyAsync(user.Username, Password, s_here, Ct)).Verdict.ShouldBe(
            PasswordVerdict.Correct
        );
        var renewed = await FindAsync(user);
        renewed.PasswordFormat.ShouldBeNull();
        renewed.PasswordHash!.ShouldNotStartWith("$");
        (await Passwords.VerifyAsync(user.Username, Password, s_here, Ct)).Verdict.ShouldBe(
            PasswordVerdict.Correct
        );
    }

    [Fact]
    public async Task Such_a_password_counts_as_a_former_one()
    {
        var user = await AddAsync(Somebody() with { PasswordHash = Bcrypt() });
        var set = await Server.AskAsync<
            UserPasswords,
            Latchkey.Server.Problems.Outcome<PasswordGiven>
        >(p => p.SetAsync(user.Id, Password, cancellationToken: Ct));
        Refusals(set).ShouldBe(["password: password-used-before"]);
    }

    [Fact]
    public async Task A_password_and_a_hash_are_one_too_many() =>
        Refusals(
                await UsersAsync(users =>
                    users.CreateAsync(
                        Somebody() with
                        {
                            Password = Password,
                            PasswordHash = Bcrypt(),
                        },
                        Ct
                    )
                )
            )
            .ShouldBe(["password_hash: password-and-hash"]);

    [Fact]
    public async Task For_names_that_nobody_has_the_same_kinds_of_work_are_done_always_alike()
    {
        await AddAsync(Somebody() with { PasswordHash = Bcrypt() });
        Server.Clock.Advance(TimeSpan.FromMinutes(6));
        var shapes = Server.Service<HashShapes>();
        var first = new List<string?>();
        var second = new List<string?>();
        for (var i = 0; i < 300; i++)
        {
            first.Add(await shapes.OfAsync($"nobody-{i}", Ct));
            second.Add(await shapes.OfAsync($"NOBODY-{i}", Ct));
        }
        second.ShouldBe(first);
        await using var db = Server.Open();
        var foreign = await db.Users.CountAsync(u => u.PasswordFormat != null, Ct);
        var all = await db.Users.CountAsync(u => u.PasswordHash != null, Ct);
        // Each name is drawn with the users' own odds; five standard deviations of 300 draws never flake.
        var expected = (double)foreign / all;
        var spread = 5 * Math.Sqrt(expected * (1 - expected) / 300);
        (first.Count(s => s is not null) / 300.0).ShouldBeInRange(
            expected - spread - 0.001,
            expected + spread + 0.001
        );
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : ImportedUserTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : ImportedUserTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
