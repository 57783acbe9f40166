using Latchkey.Cli.Server;
using Latchkey.Server.Tests.Storage;

namespace Latchkey.Server.Tests.Api;

public sealed class AppCommandTests(SqliteDatabase database)
    : ApiTest(database),
        IClassFixture<SqliteDatabase>
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    [Fact]
    public async Task An_application_is_created_listed_changed_and_deleted()
    {
        (await CreateAsync()).ShouldBe(ExitCodes.Done, _errors.ToString());
        (await RunAsync(app => app.ListAsync(Mark, json: false, Ct))).ShouldBe(ExitCodes.Done);
        _output.ToString().ShouldContain($"{Mark}\tsaml\tinactive\tWiki");

        await RunAsync(app =>
            app.UpdateAsync(Mark, null, ["active=true", "name_id.format=persistent"], Ct)
        );
        var shown = await SendAsync("GET", $"/applications/{Mark}");
        shown["active"].GetBoolean().ShouldBeTrue();
        shown["name_id"].GetProperty("format").GetString().ShouldBe("persistent");

        (await RunAsync(app => app.DeleteAsync(Mark, sure: false, Ct))).ShouldBe(ExitCodes.Failed);
        (await RunAsync(app => app.DeleteAsync(Mark, sure: true, Ct))).ShouldBe(ExitCodes.Done);
        (await SendAsync("GET", $"/applications/{Mark}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task The_fields_can_stand_in_a_file_with_words_and_lists()
    {
        var file = new FileInfo(Path.Combine(Database.Folder, Mark + ".yaml"));
        await File.WriteAllTextAsync(
            file.FullName,
            $"slug: {Mark}\nlabel: Wiki\nsp_entity_id: urn:sp\nacs_urls: [https://app.example.test/acs]\nhidden: true\nclock_skew: 60\n",
            Ct
        );

        (await RunAsync(app => app.CreateAsync(file, ["color=plum"], null, Ct))).ShouldBe(
            ExitCodes.Done,
            _errors.ToString()
        );

        var shown = await SendAsync("GET", $"/applications/{Mark}");
        (
            shown["hidden"].GetBoolean(),
            shown["clock_skew"].GetInt32(),
            shown["color"].GetString()
        ).ShouldBe((true, 60, "plum"));
    }

    [Fact]
    public async Task Metadata_is_fetched_and_the_key_is_rotated()
    {
        await CreateAsync("active=true");

        await RunAsync(app => app.MetadataAsync(Mark, null, Ct));
        await RunAsync(app => app.RotateAsync(Mark, new RotationStep(Key: "p-256"), Ct));
        (await RunAsync(app => app.RotateAsync(Mark, new RotationStep(Switch: true), Ct))).ShouldBe(
            ExitCodes.Done,
            _errors.ToString()
        );

        _output.ToString().ShouldContain("EntityDescriptor");
        _output.ToString().ShouldContain("next\t");
        _output.ToString().ShouldContain("former\t");
    }

    [Fact]
    public async Task What_the_server_refuses_is_said_by_field_and_ends_with_1()
    {
        (await RunAsync(app => app.CreateAsync(null, ["label=Wiki"], null, Ct))).ShouldBe(
            ExitCodes.Refused
        );

        _errors.ToString().ShouldContain("sp_entity_id: ");
    }

    [Theory]
    [InlineData("http://id.example.test", "x", "expected https")]
    [InlineData("http://127.0.0.1:8080", "", "--token is missing")]
    [InlineData("http://127.0.0.1:8080", "lk_wrong", "Bearer")]
    public async Task Without_the_right_address_and_token_it_ends_with_2(
        string server,
        string token,
        string sentence
    )
    {
        var app = new AppCommand(
            new ServerAddress(new Uri(server), token),
            _output,
            _errors,
            Server.Transport()
        );

        (await app.ShowAsync("x", Ct)).ShouldBe(ExitCodes.Failed);

        _errors.ToString().ShouldContain(sentence);
    }

    private Task<int> CreateAsync(params string[] more) =>
        RunAsync(app =>
            app.CreateAsync(
                null,
                [
                    $"slug={Mark}",
                    "label=Wiki",
                    "sp_entity_id=https://app.example.test/sp",
                    "acs_urls=[\"https://app.example.test/acs\"]",
                    .. more,
                ],
                null,
                Ct
            )
        );

    private async Task<int> RunAsync(Func<AppCommand, Task<int>> run) =>
        await run(
            new AppCommand(
                new ServerAddress(new Uri("http://127.0.0.1:8080"), await TokenAsync()),
                _output,
                _errors,
                Server.Transport()
            )
        );
}
