"""Payment reminders: invoices that are overdue, in three levels of firmness."""
