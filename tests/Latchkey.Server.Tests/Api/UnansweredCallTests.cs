using System.Text.Json;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Api;

/// <summary>Where no call is, and where one breaks, a program reads a problem with a code as everywhere else.</summary>
public sealed class UnansweredCallTests(SqliteDatabase database)
    : ApiTest(database),
        IClassFixture<SqliteDatabase>
{
    [Theory]
    [InlineData("GET", "/api/v1/applicatoins", 404, "api-address-unknown")]
    [InlineData("GET", "/api/v2", 404, "api-address-unknown")]
    [InlineData("PUT", "/api/v1/applications", 405, "api-method-unknown")]
    public async Task An_address_or_a_method_that_is_not_there_is_called_that(
        string method,
        string address,
        int status,
        string code
    ) => (await AskAsync(method, address)).ShouldBe((status, code));

    [Fact]
    public async Task A_fault_of_ours_is_a_problem_too()
    {
        await using var db = Database.Open();
        await db.Database.ExecuteSqlRawAsync(
            "ALTER TABLE attribute_definitions RENAME TO elsewhere",
            Ct
        );
        try
        {
            (await AskAsync("GET", "/api/v1/attributes")).ShouldBe((500, "api-broken"));
        }
        finally
        {
            await db.Database.ExecuteSqlRawAsync(
                "ALTER TABLE elsewhere RENAME TO attribute_definitions",
                Ct
            );
        }
    }

    private async Task<(int Status, string? Code)> AskAsync(string method, string address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        using var response = await Client.SendAsync(request, Ct);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var body = JsonSerializer.Deserialize<JsonElement>(
            await response.Content.ReadAsStringAsync(Ct)
        );
        return (
            (int)response.StatusCode,
            body.GetProperty("problems")[0].GetProperty("code").GetString()
        );
    }
}
