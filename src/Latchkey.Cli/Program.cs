using Latchkey.Cli;
using Latchkey.Cli.Server;

var parsed = CommandLine.Build().Parse(args);
var code = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? ExitCodes.Failed : code;
