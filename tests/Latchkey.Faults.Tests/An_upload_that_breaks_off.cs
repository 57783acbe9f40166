using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Latchkey.Testing;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Faults.Tests;

/// <summary>A file of users whose connection dies (J-102): a part is never taken for the whole.</summary>
public sealed class An_upload_that_breaks_off
{
    private const int Rows = 20_000;

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    [Trait("Rule", "J-102")]
    public async Task A_part_leaves_nothing_and_the_whole_that_is_sent_again_is_checked_to_its_end(
        Engine engine
    )
    {
        var ct = TestContext.Current.CancellationToken;
        await using var server = await ServerProcess.StartAsync(
            new ServerSetup { Engine = engine, Bootstrap = Owner }
        );
        using var client = new SignInClient(server.Address);
        await client.SignInAsync("olga", Wiki.Password, ct);
        var token = await client.TokenAsync("/admin/users/import", ct);

        await SendAsync(server.Address, client, token, part: 0.6, ct);
        await SendAsync(server.Address, client, token, part: 1, ct);

        await using var database = Open(server, engine);
        await Wait.UntilAsync(
            async () =>
                await database.UserImports.AnyAsync(i => i.State == ImportState.Checked, ct),
            () => $"The file that arrived is not checked:\n{server.Output}"
        );
        var import = await database.UserImports.SingleAsync(ct);
        (import.Rows, import.Created, import.Refused).ShouldBe((Rows, Rows, 0));
        var chunks = await database.UserImportChunks.Select(c => c.ImportId).ToListAsync(ct);
        chunks.Distinct().ShouldBe([import.Id]);
        (await database.Events.AnyAsync(e => e.Type == EventTypes.PageFailed, ct)).ShouldBeFalse();
    }

    /// <summary>Sends the request by hand; after a part of it only, hangs up without a word.</summary>
    private static async Task SendAsync(
        Uri server,
        SignInClient client,
        string token,
        double part,
        CancellationToken ct
    )
    {
        var body = Body(token);
        var head = $"""
            POST /admin/users/import HTTP/1.1
            Host: {server.Authority}
            Cookie: {client.Cookies.GetCookieHeader(server)}
            Sec-Fetch-Site: same-origin
            Content-Type: multipart/form-data; boundary=part
            Content-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}


            """.ReplaceLineEndings("\r\n");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Host, server.Port, ct);
        await socket.SendAllAsync(Encoding.ASCII.GetBytes(head), ct);
        await socket.SendAllAsync(body.AsMemory(0, (int)(body.Length * part)), ct);
        if (part < 1)
        {
            // No farewell: what a cable that is pulled looks like in the end.
            socket.LingerState = new(enable: true, seconds: 0);
            return;
        }
        var answer = new byte[64];
        var length = await socket.ReceiveAsync(answer, ct);
        Encoding.ASCII.GetString(answer, 0, length).ShouldStartWith("HTTP/1.1 302");
    }

    private static byte[] Body(string token)
    {
        var text = new StringBuilder();
        text.Append("--part\r\nContent-Disposition: form-data; name=\"__token\"\r\n\r\n");
        text.Append(token).Append("\r\n--part\r\nContent-Disposition: form-data; ");
        text.Append("name=\"file\"; filename=\"users.csv\"\r\nContent-Type: text/csv\r\n\r\n");
        text.Append("Username,Email\n");
        for (var i = 0; i < Rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"user{i},user{i}@example.test\n");
        text.Append("\r\n--part--\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static LatchkeyDbContext Open(ServerProcess server, Engine engine)
    {
        var options = new DbContextOptionsBuilder<LatchkeyDbContext>();
        if (engine == Engine.Sqlite)
            StorageServices.Configure(options, DatabaseAddress.ForFile(server.Storage));
        else
            options.UseNpgsql(server.Storage);
        return new(options.Options);
    }

    private const string Owner = $$"""
        users:
          - { username: olga, email: olga@example.test, password: "{{Wiki.Password}}", role: owner }
        """;
}

internal static class Sockets
{
    public static async Task SendAllAsync(
        this Socket socket,
        ReadOnlyMemory<byte> bytes,
        CancellationToken ct
    )
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, ct)..];
    }
}
