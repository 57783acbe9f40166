using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Requests;

/// <summary>samlp:RequestedAuthnContext (saml-core-2.0 §3.3.2.2.1).</summary>
internal static class RequestedContextElement
{
    /// <summary>Reads the element; one that asks by declaration comes out without classes.</summary>
    public static RequestedAuthnContext Read(XmlElement context, FindingList findings)
    {
        var content = new ElementContent(context, findings);
        var classes = new List<string>();
        for (
            var reference = content.Optional(XmlNamespace.Assertion, "AuthnContextClassRef"u8);
            reference.Exists;
            reference = content.Optional(XmlNamespace.Assertion, "AuthnContextClassRef"u8)
        )
            if (reference.RequiredText(findings).Text is { } text)
                classes.Add(text);
        if (classes.Count == 0)
            while (content.Optional(XmlNamespace.Assertion, "AuthnContextDeclRef"u8).Exists) { }
        content.End();

        var comparison = context.Attribute("Comparison"u8);
        AuthnContextComparison? read = comparison.Text switch
        {
            null or "exact" => AuthnContextComparison.Exact,
            "minimum" => AuthnContextComparison.Minimum,
            "maximum" => AuthnContextComparison.Maximum,
            "better" => AuthnContextComparison.Better,
            _ => null,
        };
        if (read is null)
            findings.Add(
                FindingKinds.ValueMalformed,
                "exact, minimum, maximum or better",
                comparison.Text,
                comparison.Place
            );
        return new RequestedAuthnContext(classes, read ?? AuthnContextComparison.Exact);
    }

    /// <summary>Writes the element.</summary>
    /// <exception cref="ArgumentException">It names no class.</exception>
    public static void Write(CanonicalWriter writer, RequestedAuthnContext context)
    {
        if (context.ClassRefs.Count == 0)
            throw new ArgumentException(
                "A RequestedAuthnContext needs at least one class (saml-core-2.0 §3.3.2.2.1).",
                nameof(context)
            );
        writer.Start(Prefix.Samlp, "RequestedAuthnContext"u8);
        writer.Attribute(
            "Comparison"u8,
            context.Comparison switch
            {
                AuthnContextComparison.Exact => "exact",
                AuthnContextComparison.Minimum => "minimum",
                AuthnContextComparison.Maximum => "maximum",
                AuthnContextComparison.Better => "better",
                _ => throw new ArgumentOutOfRangeException(nameof(context)),
            }
        );
        foreach (string classRef in context.ClassRefs)
            writer.Element(Prefix.Saml, "AuthnContextClassRef"u8, classRef);
        writer.End();
    }
}
