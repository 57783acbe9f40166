using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Settings;

/// <summary>One part of what an organisation sets, as calls and declaration files say it: shown, said over what there is, and saved by the service whose page it is.</summary>
internal interface ISettingsPart
{
    /// <summary>What it is, for people: "setting", "mail template", "password policy".</summary>
    string Kind { get; }

    /// <summary>Which of its kind.</summary>
    string Name { get; }

    /// <summary>What stands now, a body of the API; null where it is not there yet.</summary>
    Task<object?> ReadAsync(CancellationToken ct);

    /// <summary>What is said, over what there is. Ends the section.</summary>
    /// <param name="now">What <see cref="ReadAsync"/> gave.</param>
    /// <param name="said">What is said.</param>
    /// <param name="files">Where a secret is found that is only named.</param>
    object Over(object? now, Section said, MetadataFiles files);

    /// <summary>Saves it.</summary>
    /// <returns>What is wrong; nothing was changed then.</returns>
    Task<IReadOnlyList<Problem>> SaveAsync(object? now, object after, CancellationToken ct);

    /// <summary>As a declaration file says it.</summary>
    /// <param name="body">What <see cref="ReadAsync"/> gave.</param>
    /// <param name="secrets">Whether a secret there is gets a reference to one.</param>
    JsonObject Exported(object body, bool secrets);
}

/// <typeparam name="TBody">What the API shows and takes of it.</typeparam>
internal abstract class SettingsPart<TBody>(string kind, string name) : ISettingsPart
    where TBody : class
{
    public string Kind => kind;

    public string Name => name;

    /// <summary>Fields that are shown and passed over when they come back.</summary>
    protected virtual IReadOnlyList<string> OnlyShown => [];

    public async Task<object?> ReadAsync(CancellationToken ct) => await FindAsync(ct);

    public object Over(object? now, Section said, MetadataFiles files)
    {
        var after = Over((TBody?)now, said, files);
        said.Skip(OnlyShown);
        said.End();
        return after;
    }

    public Task<IReadOnlyList<Problem>> SaveAsync(
        object? now,
        object after,
        CancellationToken ct
    ) => SaveAsync((TBody?)now, (TBody)after, ct);

    public virtual JsonObject Exported(object body, bool secrets)
    {
        var json = SettingsJson.Of(body);
        foreach (var field in OnlyShown)
        {
            json.Remove(field);
        }
        Say(json);
        return json;
    }

    protected abstract Task<TBody?> FindAsync(CancellationToken ct);

    protected abstract TBody Over(TBody? now, Section said, MetadataFiles files);

    protected abstract Task<IReadOnlyList<Problem>> SaveAsync(
        TBody? now,
        TBody after,
        CancellationToken ct
    );

    /// <summary>A text that may be none.</summary>
    protected static string? Text(Section said, string key, string? now) =>
        said.Text(key) is { } text ? (text.Length == 0 ? null : text) : now;

    /// <summary>A null of YAML says nothing; an empty text says that there is none.</summary>
    private static void Say(JsonObject json)
    {
        foreach (var (name, value) in json.ToList())
        {
            if (value is null)
            {
                json[name] = "";
            }
            else if (value is JsonObject inner)
            {
                Say(inner);
            }
        }
    }
}

/// <summary>Bodies as JSON, to be compared and told.</summary>
internal static class SettingsJson
{
    public static JsonObject Of(object body) =>
        JsonSerializer.SerializeToNode(body, body.GetType(), ApiJson.Options)!.AsObject();

    /// <summary>Counts no changes, but tells two states apart: what the ETag says of settings.</summary>
    public static long Version(object body) =>
        BinaryPrimitives.ReadInt64BigEndian(
            SHA256.HashData(
                JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), ApiJson.Options)
            )
        ) & long.MaxValue;

    /// <summary>Field by field, secrets masked and pictures by their fingerprints.</summary>
    /// <param name="now">What there is; null for something new.</param>
    /// <param name="after">What is to be.</param>
    public static List<FieldChange> Changes(object? now, object after)
    {
        var before = now is null ? [] : Fields(Of(now), "").ToDictionary(f => f.Key, f => f.Value);
        return
        [
            .. Fields(Of(after), "")
                .Where(field => before.GetValueOrDefault(field.Key) != field.Value)
                .Select(field => new FieldChange(
                    field.Key,
                    Shown(field.Key, before.GetValueOrDefault(field.Key)),
                    Shown(field.Key, field.Value)
                )),
        ];
    }

    private static IEnumerable<KeyValuePair<string, string?>> Fields(JsonObject json, string path)
    {
        foreach (var (name, value) in json)
        {
            switch (value)
            {
                case JsonObject inner:
                    foreach (var field in Fields(inner, $"{path}{name}."))
                    {
                        yield return field;
                    }
                    break;
                case JsonArray list:
                    yield return new(path + name, string.Join(", ", list.Select(i => $"{i}")));
                    break;
                default:
                    yield return new(path + name, value?.ToString());
                    break;
            }
        }
    }

    private static string? Shown(string field, string? value) =>
        (field, value) switch
        {
            (_, null) => null,
            ("password", _) => FieldChange.Masked,
            ("logo", _) => "SHA-256 "
                + Convert.ToHexStringLower(
                    SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(value))
                )[..16],
            _ => value,
        };
}
