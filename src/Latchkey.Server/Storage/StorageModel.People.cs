using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Storage.Search;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Storage;

/// <summary>People, groups, and files of them.</summary>
internal static partial class StorageModel
{
    private static void Directory(ModelBuilder model)
    {
        model.Entity<User>(user =>
        {
            user.Property(u => u.Id).ValueGeneratedNever();
            user.Property(u => u.Addresses).IsJson();
            user.Property(u => u.PhoneNumbers).IsJson();
            user.Property(u => u.Attributes).IsJson();
            user.Property(u => u.Version).IsConcurrencyToken();
            user.Property(u => u.SearchText).IsFollowing();
            user.HasIndex(u => u.NormalizedUsername).IsUnique();
            user.HasIndex(u => u.Email).IsUnique();
            // Both engines let a unique index hold any number of nulls.
            user.HasIndex(u => u.EmployeeIdentifier).IsUnique();
            user.HasIndex(u => u.ManagerId);
            user.HasIndex(u => u.PasswordFormat);
            user.HasOne<User>()
                .WithMany()
                .HasForeignKey(u => u.ManagerId)
                .OnDelete(DeleteBehavior.SetNull);
        });
        model.Entity<Group>(group =>
        {
            group.Property(g => g.Id).ValueGeneratedNever();
            group.Property(g => g.Version).IsConcurrencyToken();
            group.Property(g => g.SearchText).IsFollowing();
            group.Property(g => g.Rule!).IsJson();
            group.Property(g => g.Attributes).IsJson();
            group.HasIndex(g => g.NormalizedName).IsUnique();
        });
        model.Entity<GroupMember>(member =>
        {
            member.HasKey(m => new { m.GroupId, m.UserId });
            member.HasIndex(m => m.UserId);
            member.HasOne<Group>().WithMany().HasForeignKey(m => m.GroupId);
            member.HasOne<User>().WithMany().HasForeignKey(m => m.UserId);
        });
        model.Entity<AttributeDefinition>().HasKey(d => d.Name);
        model.Entity<AccountLink>(link =>
        {
            link.Property(l => l.Id).ValueGeneratedNever();
            link.HasIndex(l => l.TokenHash).IsUnique();
            link.HasIndex(l => l.UserId);
            link.HasIndex(l => l.ExpiresAt);
            link.HasOne<User>().WithMany().HasForeignKey(l => l.UserId);
        });
        model.Entity<ScheduledState>(scheduled =>
        {
            scheduled.HasKey(s => new { s.UserId, s.State });
            scheduled.HasIndex(s => s.At);
            scheduled.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
        });
    }

    private static void Import(ModelBuilder model)
    {
        model.Entity<UserImport>(import =>
        {
            import.Property(i => i.Id).ValueGeneratedNever();
            import.Property(i => i.RowsDone).IsConcurrencyToken();
            // Whoever stops it has the last word.
            import.Property(i => i.State).IsConcurrencyToken();
            import.Ignore(i => i.IsRunning);
            import.HasIndex(i => i.State);
        });
        model.Entity<UserImportChunk>(chunk =>
        {
            chunk.HasKey(c => new { c.ImportId, c.Number });
            chunk.HasOne<UserImport>().WithMany().HasForeignKey(c => c.ImportId);
        });
        model.Entity<UserImportLink>(link =>
        {
            link.HasKey(l => new { l.ImportId, l.Row });
            link.HasOne<UserImport>().WithMany().HasForeignKey(l => l.ImportId);
        });
        model.Entity<UserImportProblem>(problem =>
        {
            problem.HasKey(p => new { p.ImportId, p.Number });
            problem.Property(p => p.Args).IsJson();
            problem.HasOne<UserImport>().WithMany().HasForeignKey(p => p.ImportId);
        });
    }
}
