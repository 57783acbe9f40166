using Latchkey.Cli;

var parsed = CommandLine.Build().Parse(args);
var code = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? ApplyCommand.Failed : code;
