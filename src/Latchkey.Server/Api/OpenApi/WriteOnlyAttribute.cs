namespace Latchkey.Server.Api.OpenApi;

/// <summary>The field is taken and never shown.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WriteOnlyAttribute : Attribute;
