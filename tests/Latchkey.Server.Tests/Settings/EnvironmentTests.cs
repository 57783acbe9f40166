using Latchkey.Server.Settings;
using Latchkey.Server.Storage;

namespace Latchkey.Server.Tests.Settings;

public sealed class EnvironmentTests
{
    [Fact]
    public void Nothing_set_means_SQLite_in_the_data_folder_on_this_machine()
    {
        var options = Read();

        options.Address("/saml2/wiki").ShouldBe("http://127.0.0.1:8080/saml2/wiki");
        options.Database.Engine.ShouldBe(StorageEngine.Sqlite);
        options.Database.SqliteFile.ShouldBe(Path.GetFullPath("data/latchkey.db"));
        options.Listen.ShouldBe("http://127.0.0.1:8080");
    }

    [Theory]
    [InlineData("LATCHKEY_PUBLIC_URL", "id.example.com", "https://id.example.com")]
    [InlineData("LATCHKEY_PUBLIC_URL", "https://id.example.com/sso", "nothing after it")]
    [InlineData("LATCHKEY_PUBLIC_URL", "http://id.example.com", "expected https")]
    [InlineData("LATCHKEY_PUBLIC_URL", "https://user@id.example.com", "nothing after it")]
    [InlineData("LATCHKEY_LISTEN", "8080", "127.0.0.1:8080")]
    [InlineData("LATCHKEY_DATABASE", "mysql://host/db", "postgres://")]
    [InlineData("LATCHKEY_DATABASE", "postgres://host", "names no database")]
    [InlineData("LATCHKEY_DATABASE", "postgres://host/db?sslmod=require", "sslmod")]
    [InlineData("LATCHKEY_MASTER_KEY", "c2hvcnQ=", "32 random bytes")]
    [InlineData("LATCHKEY_TRUSTED_PROXIES", "10.0.0.1, proxy", "'proxy'")]
    [InlineData("LATCHKEY_BOOTSTRAP_FILE", "/nowhere/b.yaml", "does not exist")]
    [InlineData("LATCHKEY_DEMO", "yes", "expected 1 or 0")]
    [InlineData("LATCHKEY_MASTER_KEY_FILE", "/nowhere/key", "cannot be read")]
    public void A_wrong_value_stops_the_start_with_a_sentence_that_names_it(
        string name,
        string value,
        string expected
    )
    {
        var refusal = Should.Throw<StartRefusedException>(() => Read((name, value)));

        refusal.Message.ShouldContain(name);
        refusal.Message.ShouldContain(expected);
        refusal.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_nearest_known_one() =>
        Should
            .Throw<StartRefusedException>(() => Read(("LATCHKEY_PUBLIC_URI", "https://id.test")))
            .Message.ShouldContain("did you mean LATCHKEY_PUBLIC_URL?");

    [Fact]
    public void A_refused_database_address_does_not_show_its_password() =>
        Should
            .Throw<StartRefusedException>(() =>
                Read(("LATCHKEY_DATABASE", "postgres://u:secret@host/"))
            )
            .Message.ShouldNotContain("secret");

    [Fact]
    public void A_postgres_address_is_taken_apart()
    {
        var database = Read(
            ("LATCHKEY_DATABASE", "postgres://ada:p%40ss%2F@db.test:5433/latch?sslmode=verify-full")
        ).Database;

        var settings = new Npgsql.NpgsqlConnectionStringBuilder(database.ConnectionString);
        (
            settings.Host,
            settings.Port,
            settings.Database,
            settings.Username,
            settings.Password
        ).ShouldBe(("db.test", 5433, "latch", "ada", "p@ss/"));
        settings.SslMode.ShouldBe(Npgsql.SslMode.VerifyFull);
        database.ToString().ShouldBe("postgres://db.test:5433/latch");
    }

    [Fact]
    public void Behind_a_proxy_the_server_listens_on_its_own_port() =>
        Read(("LATCHKEY_PUBLIC_URL", "https://id.example.com"))
            .Listen.ShouldBe("http://127.0.0.1:8080");

    [Fact]
    [Trait("Rule", "S1-19")]
    public void Every_address_begins_with_the_one_that_is_set() =>
        Read(("LATCHKEY_PUBLIC_URL", "https://sso.example.com"))
            .Address("/saml2/wiki")
            .ShouldBe("https://sso.example.com/saml2/wiki");

    private static ServerOptions Read(params (string Name, string Value)[] variables) =>
        EnvironmentReader.Read(
            variables.Select(v => new KeyValuePair<string, string>(v.Name, v.Value))
        );
}
