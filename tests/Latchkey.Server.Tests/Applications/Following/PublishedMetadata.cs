using System.Net;
using System.Security.Cryptography;
using Latchkey.Saml.Keys;
using Latchkey.Server.Applications;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Latchkey.Server.Tests.Applications.Following;

/// <summary>A service provider's address, where its metadata is and changes.</summary>
internal sealed class PublishedMetadata : IAsyncDisposable
{
    private readonly WebApplication _site;
    private int _asked;

    private PublishedMetadata(WebApplication site) => _site = site;

    /// <summary>Lets the server fetch from this machine and nowhere else.</summary>
    internal static FetchRules Reachable { get; } =
        new() { AllowLoopback = true, Allows = IPAddress.IsLoopback };

    public string Url { get; private set; } = "";

    /// <summary>What is there.</summary>
    public byte[] Content { get; set; } = [];

    /// <summary>Answered instead of the file; null for the file.</summary>
    public int? Failure { get; set; }

    /// <summary>Where it sends on to; null for nowhere.</summary>
    public string? MovedTo { get; set; }

    /// <summary>How often somebody asked.</summary>
    public int Asked => _asked;

    /// <summary>How often the answer was that nothing changed.</summary>
    public int Unchanged { get; private set; }

    public static async Task<PublishedMetadata> StartAsync(SpMetadata metadata)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var site = builder.Build();
        var published = new PublishedMetadata(site) { Content = metadata.Bytes() };
        site.MapGet("/metadata", published.Answer);
        await site.StartAsync();
        published.Url = site.Urls.First() + "/metadata";
        return published;
    }

    public void Publish(SpMetadata metadata, SigningKey? publisher = null) =>
        Content = metadata.Bytes(publisher);

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private IResult Answer(HttpContext context)
    {
        Interlocked.Increment(ref _asked);
        if (Failure is { } status)
            return Results.StatusCode(status);
        if (MovedTo is { } other)
            return Results.Redirect(other);
        var tag = $"\"{Convert.ToHexString(SHA256.HashData(Content))}\"";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            Unchanged++;
            return Results.StatusCode(304);
        }
        return Results.Bytes(Content, "application/samlmetadata+xml");
    }
}
