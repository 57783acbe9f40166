namespace Latchkey.Server.Settings;

/// <summary>The server cannot start as it is configured. The message is one sentence for whoever starts it: it names the setting, what was expected, and what to do.</summary>
internal sealed class StartRefusedException(string message, Exception? inner = null)
    : Exception(message, inner);
