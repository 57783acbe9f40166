using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>Keys, relations and indices of policies and what is counted and kept about passwords.</summary>
internal static class PasswordsModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<PasswordPolicy>(policy =>
        {
            policy.Property(p => p.Id).ValueGeneratedNever();
            policy.Property(p => p.Rules).IsJson();
            policy.Property(p => p.Version).IsConcurrencyToken();
            policy.Ignore(p => p.IsDefault);
            policy.HasIndex(p => p.NormalizedName).IsUnique();
        });
        model.Entity<PasswordPolicyGroup>(bound =>
        {
            bound.HasKey(b => new { b.PolicyId, b.GroupId });
            bound.HasIndex(b => b.GroupId);
            bound.HasOne<PasswordPolicy>().WithMany().HasForeignKey(b => b.PolicyId);
            bound.HasOne<Group>().WithMany().HasForeignKey(b => b.GroupId);
        });
        model.Entity<FormerPassword>(former =>
        {
            former.Property(f => f.Id).ValueGeneratedNever();
            former.HasIndex(f => f.UserId);
            former.HasOne<User>().WithMany().HasForeignKey(f => f.UserId);
        });
        model.Entity<PasswordTries>(tries =>
        {
            tries.HasKey(t => new { t.UserId, t.Origin });
            tries.HasIndex(t => t.LastAt);
            tries.HasOne<User>().WithMany().HasForeignKey(t => t.UserId);
        });
    }
}
