using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications;

/// <summary>Where an application takes Responses and logout messages.</summary>
internal static class EndpointRules
{
    public const int MaxEndpoints = 100;

    public static void Fill(Application application, ApplicationInput input, List<Problem> problems)
    {
        Consumers(application, input, problems);
        Logout(application, input, problems);
    }

    /// <summary>Says what is wrong with an address.</summary>
    public static void Check(string url, string where, List<Problem> problems)
    {
        if (EndpointUrl.Fault(url) is { } code)
        {
            problems.Add(new Problem(code, where, url));
        }
    }

    private static void Consumers(
        Application application,
        ApplicationInput input,
        List<Problem> problems
    )
    {
        application.AcsEndpoints = input.AcsEndpoints ?? application.AcsEndpoints;
        var acs = application.AcsEndpoints;
        if (acs.Count is 0 or > MaxEndpoints)
        {
            problems.Add(
                acs.Count == 0
                    ? new Problem("acs-missing", "acs_urls")
                    : new Problem("acs-too-many", "acs_urls", MaxEndpoints)
            );
            return;
        }
        for (var i = 0; i < acs.Count; i++)
        {
            Check(acs[i].Location, $"acs_urls[{i}]", problems);
            if (
                acs.Take(i)
                    .Any(other =>
                        other.Location == acs[i].Location && other.Binding == acs[i].Binding
                    )
            )
            {
                problems.Add(new Problem("acs-twice", $"acs_urls[{i}]", acs[i].Location));
            }
            if (acs[i].Index is < 0 or > ushort.MaxValue)
            {
                problems.Add(new Problem("acs-index-range", $"acs_urls[{i}]", acs[i].Index));
            }
            else if (acs.Take(i).Any(other => other.Index == acs[i].Index))
            {
                problems.Add(new Problem("acs-index-twice", $"acs_urls[{i}]", acs[i].Index));
            }
        }
        if (acs.Count(endpoint => endpoint.IsDefault == true) > 1)
        {
            problems.Add(new Problem("acs-defaults", "acs_urls"));
        }
    }

    private static void Logout(
        Application application,
        ApplicationInput input,
        List<Problem> problems
    )
    {
        application.SloEndpoints = input.SloEndpoints ?? application.SloEndpoints;
        if (application.SloEndpoints.Count > MaxEndpoints)
        {
            problems.Add(new Problem("slo-too-many", "slo_urls", MaxEndpoints));
            return;
        }
        for (var i = 0; i < application.SloEndpoints.Count; i++)
        {
            var endpoint = application.SloEndpoints[i];
            Check(endpoint.Location, $"slo_urls[{i}]", problems);
            if (!ApplicationWords.LogoutBindings.Uris.Contains(endpoint.Binding))
            {
                problems.Add(new Problem("slo-binding", $"slo_urls[{i}]", endpoint.Binding));
            }
            if (endpoint.ResponseLocation is not null)
            {
                Check(endpoint.ResponseLocation, $"slo_urls[{i}]", problems);
            }
        }
    }
}
