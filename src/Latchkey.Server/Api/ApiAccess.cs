namespace Latchkey.Server.Api;

/// <summary>The names of what opens the API.</summary>
internal static class ApiAccess
{
    public const string TokenScheme = "LatchkeyToken";

    /// <summary>Policy: a bearer token of an administrator.</summary>
    public const string Policy = "Api";
}
