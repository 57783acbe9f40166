using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Endpoint = Latchkey.Saml.Metadata.Endpoint;

namespace Latchkey.Server.SingleLogout;

/// <summary>Where logout messages to an application go, of what is registered for it (rule I1).</summary>
internal static class LogoutEndpoints
{
    /// <summary>Where it is asked by SOAP.</summary>
    public static string? Back(Application application) =>
        application.SloEndpoints.FirstOrDefault(e => e.Binding == SamlBindings.Soap)?.Location;

    /// <summary>Where the browser carries a request: the first registered one of a binding we can write.</summary>
    public static Endpoint? Front(Application application) =>
        application.SloEndpoints.FirstOrDefault(IsFront);

    /// <summary>Where the browser carries an answer: by the binding of the request if that is registered, at ResponseLocation if there is one (saml-metadata-2.0 §2.2.2).</summary>
    /// <returns>Binding and address; null when no answer can be carried.</returns>
    public static Endpoint? Answer(Application application, string? requestBinding)
    {
        var endpoint =
            application.SloEndpoints.FirstOrDefault(e => IsFront(e) && e.Binding == requestBinding)
            ?? Front(application);
        return endpoint is null
            ? null
            : new(endpoint.Binding, endpoint.ResponseLocation ?? endpoint.Location);
    }

    private static bool IsFront(Endpoint endpoint) =>
        endpoint.Binding is SamlBindings.Redirect or SamlBindings.Post;
}
