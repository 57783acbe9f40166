using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Latchkey.Bench.Core;

/// <summary>
/// node-saml, the library that most of node.js uses, on the same message: a process of its own that is told how often to
/// validate it and says how much processor time one validation took.
/// </summary>
internal sealed class NodeSamlPeer : IDisposable
{
    private readonly Process process;

    private NodeSamlPeer(Process process) => this.process = process;

    /// <summary>Starts it; null where node.js or the package is missing.</summary>
    public static NodeSamlPeer? Start(string samlResponse, byte[] certificate)
    {
        ProcessStartInfo start = new("node")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.ArgumentList.Add("bench/node-saml.mjs");
        Process started;
        try
        {
            started = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        started.StandardInput.WriteLine(
            JsonSerializer.Serialize(
                new
                {
                    samlResponse,
                    certificate = Convert.ToBase64String(certificate),
                    issuer = Samples.Response.Assertion.Audience,
                    callbackUrl = Samples.Response.Destination,
                    idpIssuer = Samples.Response.Issuer,
                }
            )
        );
        NodeSamlPeer peer = new(started);
        if (started.StandardOutput.ReadLine() == "ready")
            return peer;
        peer.Dispose();
        return null;
    }

    /// <summary>Microseconds of one validation.</summary>
    public double TimeOf(int times)
    {
        process.StandardInput.WriteLine(times.ToString(CultureInfo.InvariantCulture));
        string answer =
            process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("node-saml does not answer.");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
